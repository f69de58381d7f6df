"""Phrases of the pages for people who have no workbook. key -> (zh, en). Data only."""

from __future__ import annotations

WEB_REASONS: dict[str, tuple[str, str]] = {
    "web.required": ("（必填）", "(required)"),
    "web.optional": ("（可不填）", "(optional)"),
    "web.required_for_return": ("（退回时必填）", "(required when you hand it back)"),
    # what a page is about
    "web.title_confirm": ("请确认问题是否已解决", "Is the problem solved?"),
    "web.title_missing": ("请补充反馈信息", "Some details are missing"),
    "web.title_task": ("接受或退回这项反馈", "Accept this feedback or hand it back"),
    "web.lead_confirm": (
        "我们已就您的反馈作出答复。请告诉我们问题是否真正解决，大约需要一分钟。",
        "We have answered your feedback. Please tell us whether the problem is really solved; it takes about a minute.",
    ),
    "web.lead_missing": (
        "为了尽快核实并处理这项反馈，还需要以下信息。知道多少填多少；不清楚的可以写“未知”。",
        "To look into this feedback we need the following. Fill in what you know; write “unknown” where you cannot tell.",
    ),
    "web.lead_task": (
        "这项反馈已转交给您，完整记录在转交邮件里。接受时请尽量写上计划完成日期，退回请写明理由。",
        "This feedback was transferred to you; the whole record is in the mail. If you accept it, a planned date helps; if "
        "you hand it back, say why.",
    ),
    "web.about": ("关于这项反馈", "About this feedback"),
    "web.next_confirm": (
        "提交之后：如果已解决，我们会办理关闭；如果没有解决，会重新处理，并再次答复您。",
        "What happens next: if it is solved, we close the case; if not, we take it up again and write to you.",
    ),
    "web.next_missing": (
        "提交之后：我们会核对您补充的内容，然后继续处理；有问题会再联系您。",
        "What happens next: we check what you sent and go on; if something is unclear, we get in touch.",
    ),
    "web.next_task": (
        "提交之后：登记表会记下接受或退回；退回的反馈会重新分派。",
        "What happens next: the register notes that you accepted it or handed it back; what comes back is assigned anew.",
    ),
    "web.send": ("提交", "Send"),
    "web.photos": ("照片", "Photos"),
    "web.photos_hint": (
        "最多 {most} 张，每张不超过 {mb} MB，JPG、PNG 或 WebP。照片里的位置等信息会被去掉。",
        "At most {most}, up to {mb} MB each, JPG, PNG or WebP. The place and other data inside the photo are removed.",
    ),
    "web.good_until": (
        "链接有效期至 {day}，只能提交一次。请不要转发给他人。",
        "The link is good until {day} and for one answer. Please do not pass it on.",
    ),
    "web.ask_person": ("有疑问请联系{name}：", "Questions? Please write to {name}: "),
    "web.ask_mail": ("有疑问请直接回复邮件。", "Questions? Please reply to the mail."),
    # what is wrong with what was sent
    "web.wrong_title": ("有误：", "Error: "),
    "web.wrong_head": ("还没有提交", "Not sent yet"),
    "web.wrong_kept": (
        "您填写的内容都还在；照片需要重新选择。",
        "What you typed is still there; photos have to be chosen again.",
    ),
    "web.wrong_choose": ("请选择一项", "please choose one"),
    "web.wrong_fill_in": ("请填写", "please fill this in"),
    "web.wrong_nothing": ("请至少填写一项", "please fill in at least one"),
    "web.wrong_date": ("请填写日期，例如 2026-07-15", "please give a date such as 2026-07-15"),
    "web.wrong_number": ("请填写整数", "please give a whole number"),
    "web.wrong_long": ("太长了，请缩短", "this is too long, please shorten it"),
    "web.wrong_photo_big": (
        "有一张照片太大，每张不超过 {mb} MB",
        "one photo is too big; each may have up to {mb} MB",
    ),
    "web.wrong_photo_type": (
        "有一个文件不是照片；可以用 JPG、PNG 或 WebP",
        "one file is no photo; JPG, PNG and WebP can be used",
    ),
    "web.wrong_photos_many": ("照片太多，最多 {most} 张", "too many photos; {most} at most"),
    "web.stale": (
        "页面打开得太久，或不是从本页面提交的。内容都还在，请再点一次“提交”。",
        "The page was open for too long, or this was not sent from it. What you typed is still there; please send it again.",
    ),
    "web.too_many": (
        "今天收到的提交太多，请明天再试，或直接回复邮件。",
        "Too much was sent from here today. Please try again tomorrow, or reply to the mail.",
    ),
    "web.not_kept": (
        "暂时无法保存，内容没有提交。请过几分钟再点一次“提交”，或直接回复邮件。",
        "It could not be kept just now and was not sent. Please send it again in a few minutes, or reply to the mail.",
    ),
    "web.more_empty": (
        "请先写下要补充的话，最多 2000 字。",
        "Please write what you want to add, up to 2,000 characters.",
    ),
    # after the answer
    "web.thanks": ("谢谢，已经收到", "Thank you, we have got it"),
    "web.answered_title": ("这个链接已经答复过", "This link was answered already"),
    "web.after_confirm": (
        "您的答复会记入反馈记录，无需再做什么。需要时我们会与您联系。",
        "Your answer goes into the record; there is nothing more to do. We get in touch where needed.",
    ),
    "web.after_missing": (
        "您补充的内容会记入反馈记录，处理将继续进行，进展会发邮件告诉您。",
        "What you sent goes into the record and the work goes on; we write to you about it.",
    ),
    "web.after_task": (
        "登记表会在下次运行时更新，无需再回复转交邮件。",
        "The register is brought up to date in the next run; there is no need to answer the mail as well.",
    ),
    "web.said": ("您的答复", "What you answered"),
    "web.more": ("还有要补充或更正的？", "Anything to add or to correct?"),
    "web.more_hint": (
        "会有同事阅读；上面的答复不会自动改变。",
        "A colleague will read it; the answer above does not change by itself.",
    ),
    "web.send_more": ("补充提交", "Send this too"),
    "web.added": ("补充的内容已经收到，会有同事阅读。", "We have got what you added; a colleague will read it."),
    # no page
    "web.none_title": ("这个链接打不开", "This link cannot be opened"),
    "web.none_why": (
        "它可能已经过期、已不再需要答复，或者复制时不完整。",
        "It may have expired, may need no answer any more, or was not copied completely.",
    ),
    "web.none_do": (
        "如果想告诉我们什么，请直接回复我们发给您的邮件。",
        "If there is something you want to tell us, please reply to the mail that we sent you.",
    ),
    "web.told_title": ("没有成功", "That did not work"),
    "web.bad": ("收到的内容无法识别，什么都没有保存。", "What came cannot be read; nothing was kept."),
    "web.too_big": (
        "内容太大（一次最多 25 MB），什么都没有保存。请减少照片或缩小照片后再试。",
        "That is too much (25 MB at once); nothing was kept. Please send fewer or smaller photos.",
    ),
    "web.mishap": (
        "我们这边出了问题，内容没有保存。请过几分钟再试。",
        "Something went wrong on our side; nothing was kept. Please try again in a few minutes.",
    ),
    # what a page tells and asks
    "web.rating_1": ("1 很不满意", "1 very poor"),
    "web.rating_2": ("2 不满意", "2 poor"),
    "web.rating_3": ("3 一般", "3 fair"),
    "web.rating_4": ("4 满意", "4 good"),
    "web.rating_5": ("5 很满意", "5 very good"),
    "web.ask_confirmation": ("问题解决了吗？", "Is the problem solved?"),
    "web.ask_satisfaction": ("总体满意度", "Overall, how satisfied are you?"),
    "web.ask_agrees": ("是否同意关闭这项反馈？", "May we close this feedback?"),
    "web.ask_opinion": (
        "意见或建议；没有解决的，请说说现在的情况",
        "Your opinion; if it is not solved, how things are now",
    ),
    "web.ask_decision": ("您的决定", "Your decision"),
    "web.yes": ("同意", "Yes"),
    "web.no": ("暂不同意", "Not yet"),
    "web.accept": ("接受", "Accept"),
    "web.return": ("退回", "Hand back"),
    "web.ask_planned_at": ("计划完成日期", "Planned date"),
    "web.ask_reason": ("退回理由", "Why you hand it back"),
    "web.ask_note": ("备注", "Note"),
    # what doctor says
    "doctor.web": ("网页：邮件里的链接以 {address} 开头", "Pages: links in mails begin with {address}"),
    "doctor.web_plain": (
        "网页：邮件里的链接以 {address} 开头，没有加密；请在反向代理上启用 HTTPS 并改成 https://",
        "Pages: links in mails begin with {address}, which is not encrypted; let the proxy speak HTTPS and write https://",
    ),
    "doctor.board": (
        "看板：{address}，能打开这些网页的人都能看到",
        "Board: {address}, for everybody who reaches the pages",
    ),
    "doctor.board_world": (
        "看板：{address} 没有密钥，能打开这些网页的人都能看到各部门、各状态的件数（没有姓名和内容）。反向代理若没有只放行内网（随附的 nginx 配置只放行内网），"
        '请把 [web] board 改成 "secret" 或 "off"',
        "Board: {address} has no secret: whoever reaches the pages sees the counts of each department and state (no names, no texts). Unless the "
        'proxy lets in only your own networks there, as the shipped nginx file does, write board = "secret" or "off" below [web]',
    ),
    "doctor.board_secret": (
        "看板：{address}，只有知道这个地址的人能看到",
        "Board: {address}, for whoever knows this address",
    ),
    "doctor.web_lacks": (
        "网页：缺少软件包 {packages}；请安装 qtemplate[web]",
        "Pages: the packages {packages} are lacking; install qtemplate[web]",
    ),
    "doctor.web_answers": ("网页：serve 在 {listen} 正常应答", "Pages: serve answers on {listen}"),
    "doctor.web_silent": (
        "网页：{listen} 没有应答（{problem}）；请启动 qtemplate serve",
        "Pages: nothing answers on {listen} ({problem}); start qtemplate serve",
    ),
    "doctor.web_other": (
        "网页：{listen} 上应答的是别的程序；请改 [web] listen 或停掉它",
        "Pages: something else answers on {listen}; change [web] listen or stop it",
    ),
    # what came back from a page
    "intake.page_late": (
        "{id} 的转交已经处理过，或已转给他人；请按最新的转交邮件答复",
        "the transfer of {id} was decided already, or went to somebody else; please answer the latest transfer mail",
    ),
    "intake.page_no_row": (
        "登记表里没有 {id} 这一行，网页上的答复无处可记",
        "the register has no row {id} that the answer on the page could go to",
    ),
    "intake.page_forged": (
        "这个文件里的链接不是本工作区发出的，内容不予采用",
        "the link in this file was not made by this workspace; what it says is not used",
    ),
    "intake.page_expired": (
        "链接在 {until} 已过期，答复不予采用；需要时请与反馈者联系",
        "the link had expired on {until}, so the answer is not used; get in touch with the reporter where needed",
    ),
    "intake.page_unreadable": (
        "不是网页服务写下的文件（{problem}）",
        "it is no file that the pages write ({problem})",
    ),
    # in the register
    "because.page": ("{who} {at} 在网页上填写", "{who} answered on the page on {at}"),
    "form.by_page": ("网页", "page"),
}
