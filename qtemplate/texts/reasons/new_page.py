"""Phrases of the page on which anybody reports something. key -> (zh, en). Data only."""

from __future__ import annotations

NEW_PAGE_REASONS: dict[str, tuple[str, str]] = {
    "web.required_for_contact": ("（三项至少填一项）", "(one of three)"),
    "web.choose_one": ("请选择", "Please choose"),
    "web.new_title": ("反馈产品问题", "Report a problem with a product"),
    "web.new_step_1": ("第 1 步，共 2 步：哪个产品，什么问题", "Step 1 of 2: which product, and what happened"),
    "web.new_step_2": ("第 2 步，共 2 步：细节和联系方式", "Step 2 of 2: details, and how to reach you"),
    "web.new_lead": (
        "请告诉我们发生了什么，大约需要三分钟。我们会核实、处理，并把结果告诉您。",
        "Tell us what happened; it takes about three minutes. We look into it and tell you what came of it.",
    ),
    "web.new_go_on": ("下一步", "Continue"),
    "web.new_back": ("返回上一步", "Back"),
    "web.new_foot": (
        "如有人身危险或正在冒烟、起火，请先断电、远离，并拨打当地急救或报警电话。",
        "If anybody is in danger, or something smokes or burns: switch it off, keep away, and call the emergency services first.",
    ),
    # what it asks
    "web.new_product": ("产品名称", "Product"),
    "web.new_hint_product": ("产品铭牌或说明书上的名称", "the name on the product or in its manual"),
    "web.new_unlisted": ("不在列表里，或不清楚", "not in the list, or I do not know"),
    "web.new_category": ("问题属于哪一类", "What kind of problem is it?"),
    "web.new_title_field": ("问题标题", "The problem in a few words"),
    "web.new_hint_title": ("一句话概括，4 至 60 字", "4 to 60 characters"),
    "web.new_description": ("问题描述", "What happened"),
    "web.new_hint_description": (
        "什么时候、做了什么、出现什么现象，至少 15 字",
        "when, doing what, what you saw; at least 15 characters",
    ),
    "web.new_model": ("型号", "Model"),
    "web.new_hint_model": ("产品铭牌上的型号", "on the rating plate"),
    "web.new_version": ("版本号", "Version"),
    "web.new_hint_version": (
        "软件“关于”页面上的版本号，例如 2.4.1；不清楚请填“未知”",
        "as shown under About, for example 2.4.1; say unknown if you cannot tell",
    ),
    "web.new_batch": ("批次号", "Batch number"),
    "web.new_hint_batch": (
        "在产品或包装的标签上；找不到请填“未知”",
        "on the label of the product or package; say unknown if you cannot find it",
    ),
    "web.new_scene": ("在什么环境下使用", "Where and how it is used"),
    "web.new_hint_scene": (
        "例如装在哪里、配什么设备、什么系统和网络、当时在做什么",
        "such as where it is installed, with which devices, system and network, and what was being done",
    ),
    "web.new_first_guess": ("您觉得可能的原因", "What you think may be the cause"),
    "web.new_hint_first_guess": ("想到什么写什么，供参考", "whatever comes to mind; it helps us"),
    "web.new_reporter": ("您的姓名或称呼", "Your name"),
    "web.new_hint_reporter": ("我们联系您时怎么称呼", "as we should address you"),
    "web.new_organisation": ("单位和部门", "Company and department"),
    "web.new_hint_organisation": ("个人用户不用填", "leave it empty if you write as a private person"),
    "web.new_email": ("邮箱", "E-mail"),
    "web.new_hint_email": (
        "编号和处理结果会发到这个邮箱",
        "the number and the result are sent there",
    ),
    "web.new_phone": ("联系电话", "Phone"),
    "web.new_hint_phone": ("例如 13800138000 或 +86 21 5555 0100", "for example +44 20 7946 0100"),
    "web.new_contact_other": ("其他联系方式", "Another way to reach you"),
    "web.new_hint_contact_other": ("例如微信号，请写明是什么", "for example a messenger; please say which"),
    "web.new_consent": ("使用您的信息", "Use of what you send"),
    "web.new_agreed": (
        "我同意为核实和处理这项反馈而保存、使用以上信息，并就此与我联系。",
        "I agree that what I send is kept and used to look into this report, and that you get in touch with me about it.",
    ),
    "web.new_photos": ("照片或视频", "Photos or a video"),
    "web.new_photos_hint": (
        "最多 {most} 张照片（每张不超过 {mb} MB），或一段不超过 {video_mb} MB 的短视频；总共不超过 25 MB。照片和视频里记录的"
        "位置、设备等信息会被去掉。",
        "Up to {most} {most:photo|photos} of {mb} MB each, or one short video of up to {video_mb} MB; 25 MB in all. The place, the device "
        "and other data recorded inside are removed.",
    ),
    "web.new_next": (
        "提交之后：页面上先给一个临时编号，登记后正式编号会发到您的邮箱。",
        "What happens next: you see a provisional number here; once it is registered, you get the number by mail.",
    ),
    # what is wrong with what was sent
    "web.wrong_kept_words": ("您填写的内容都还在。", "What you typed is still there."),
    "web.wrong_short": ("太短了，请写得再具体一些", "this is too short; please say a little more"),
    "web.wrong_name": (
        "这里请不要填网址或邮箱，并控制在规定字数内",
        "no web or mail addresses here, please",
    ),
    "web.wrong_email": ("请填写邮箱，例如 name@example.com", "please give an address such as name@example.com"),
    "web.wrong_phone": (
        "请填写电话号码，只用数字、空格和 + - ( )",
        "please give a phone number: digits, blanks and + - ( ) only",
    ),
    "web.wrong_contact": (
        "请至少填写邮箱、电话、其他联系方式中的一项",
        "please give one of e-mail, phone or another way to reach you",
    ),
    "web.wrong_tick": ("请勾选后再提交", "please tick this to send the report"),
    "web.wrong_file_type": (
        "有一个文件既不是照片也不是视频；可以用 JPG、PNG、WebP、MP4、MOV 或 WebM",
        "one file is neither photo nor video; JPG, PNG, WebP, MP4, MOV and WebM can be used",
    ),
    "web.wrong_video_big": ("视频太大，不超过 {video_mb} MB", "the video is too big; it may have up to {video_mb} MB"),
    "web.wrong_video_broken": (
        "这段视频不完整，或格式少见，无法去掉里面的位置等信息；请换一段，或改用照片",
        "this video is not whole, or of a rare sort from which the place cannot be removed; send another one, or photos",
    ),
    "web.wrong_video_alone": (
        "视频只能单独提交一段，不能和照片一起",
        "a video has to come alone: one video, or photos",
    ),
    "web.new_too_many": (
        "今天从这里收到的反馈太多，这一份没有保存。请明天再试。",
        "Too much was reported from here today, and this was not kept. Please try again tomorrow.",
    ),
    "web.not_kept_new": (
        "暂时无法保存，内容没有提交。请过几分钟再点一次“提交”。",
        "It could not be kept just now and was not sent. Please send it again in a few minutes.",
    ),
    # afterwards
    "web.new_number": ("您的临时编号：", "Your provisional number:"),
    "web.new_after": (
        "请记下它；登记之前查询时用得上。接下来同事会登记并核实这项反馈。",
        "Please note it in case you ask before it is registered. A colleague now registers the report and looks into it.",
    ),
    "web.new_after_mail": (
        "留了邮箱的话，正式编号会发邮件给您；没有留邮箱，我们会用您留下的方式联系。",
        "If you gave an e-mail address, you get the number by mail; if not, we reach you the way you told us.",
    ),
    "web.new_another": ("再反馈一个问题", "Report another problem"),
    # without a network
    "web.file_lead": (
        "这个网页不用联网：填好后生成一个文件，由您发送或交给同事。带“必填”的都要填。",
        "This page needs no network: it makes a file that you send or hand over. What is marked required has to be filled in.",
    ),
    "web.file_script": (
        "这个网页需要启用脚本（JavaScript）才能生成文件；它不访问任何网络。",
        "This page needs JavaScript to make the file; it connects to nothing.",
    ),
    "web.file_photos": (
        "最多 {most} 张；照片会缩小并重新保存，里面的位置等信息会被去掉。",
        "At most {most}; photos are made smaller and written anew, which removes the place and other data inside.",
    ),
    "web.file_next": (
        "点“生成文件”之后：浏览器保存一个 JSON 文件，请把它发给我们；登记后正式编号会发到您的邮箱。",
        "What happens next: the browser saves a JSON file; send it to us, and once it is registered you get the number by mail.",
    ),
    "web.file_make": ("生成文件", "Make the file"),
    "web.file_save": ("再保存一次文件", "Save the file once more"),
    "web.file_send": (
        "请把保存的文件作为附件发给我们，或交给提供这个网页的同事：",
        "Please send us the saved file as an attachment, or hand it to whoever gave you this page:",
    ),
    "offline.written": ("已写入 {file}", "Written to {file}"),
    "offline.next": (
        "把它发给没有网络的人。寄到收件邮箱的 JSON 文件，下次运行就会登记；当面交来的，放进 intake/in/web。产品有变化时重新生成。",
        "Hand it to whoever has no network. JSON files that come by mail are registered by the next run; put those that come by hand "
        "into intake/in/web. Make it anew when products change.",
    ),
    # labels
    "web.labels_title": ("二维码标签", "Labels with QR codes"),
    "web.labels_how": (
        "共 {n} 张 A4。按 100 % 打印（不要“适合页面”），沿虚线剪开，贴在产品或包装上；先用手机扫一张试试。",
        "{n} {n:sheet|sheets} of A4. Print at 100 % (not fitted to the page), cut along the dashes, put them on the product or its package; "
        "try one with a phone first.",
    ),
    "web.label_ask": ("产品有问题？扫码告诉我们", "A problem? Scan and tell us"),
    "labels.written": (
        "{products}：{n} 张 A4 标签，已写入 {file}",
        "{products}: {n} {n:sheet|sheets} of labels, written to {file}",
    ),
    "labels.next": (
        "用浏览器打开，按 100 % 打印；先用手机扫一张，看能否打开反馈网页。",
        "Open it in a browser and print it at 100 %; scan one with a phone first and see that the page to report on opens.",
    ),
    # what came in
    "intake.page_photo": (
        "{number}：随附的照片不是 JPG、PNG 或 WebP，或超过 {mb} MB、{most} 张；请打开文件核对，去掉照片后再放回",
        "{number}: a photo in it is no JPG, PNG or WebP, has more than {mb} MB, or there are more than {most}; look at the file, "
        "and put it back without the photos",
    ),
    "intake.held_address": (
        "{number}：同一网络地址当天提交过多，没有自动登记，也没有发确认邮件；确认是真实反馈后用 intake --link 登记",
        "{number}: one network address sent too much on that day; it was not registered and nobody got mail for it. Register it "
        "with intake --link once you are sure it is meant",
    ),
    "intake.held_day": (
        "{number}：当天网页提交总数过多，没有自动登记，也没有发确认邮件；确认是真实反馈后用 intake --link 登记",
        "{number}: too much was reported on the page on that day; it was not registered and nobody got mail for it. Register it "
        "with intake --link once you are sure it is meant",
    ),
    "intake.held_mail": (
        "{number}：当天多次填写同一个邮箱，没有自动登记，也没有发确认邮件；确认是真实反馈后用 intake --link 登记",
        "{number}: the same mail address was given several times on that day; it was not registered and nobody got mail for it. "
        "Register it with intake --link once you are sure it is meant",
    ),
    "intake.mailed_doubted": (
        "{number}：离线反馈文件由邮件寄来，但邮件服务器怀疑发件人 {sender}（{auth}），没有自动登记，也没有发邮件；确认是真实反馈后用 intake --link 登记",
        "{number}: a report made without a network came with a mail whose sender {sender} the mail server doubts ({auth}); it was not "
        "registered and nobody got mail for it. Register it with intake --link once you are sure it is meant",
    ),
    "intake.mailed_for_other": (
        "{number}：离线反馈文件由 {sender} 寄来，里面留的邮箱却是 {email}，没有自动登记，也没有给该邮箱发邮件；确认后用 intake --link 登记",
        "{number}: a report made without a network was mailed by {sender}, but names {email} to be written to; it was not registered "
        "and nobody got mail for it. Register it with intake --link once you are sure it is meant",
    ),
    "intake.mailed_spoilt": (
        "附件 {name} 像是离线反馈文件，但内容不完整，或照片不是 JPG、PNG、WebP，或太大太多；请对方重新生成，或用 intake --link 按这封邮件登记",
        "the attachment {name} looks like a report made without a network, but it is not whole, or a photo in it is no JPG, PNG or WebP, "
        "too big or one too many; have it made anew, or register the mail itself with intake --link",
    ),
    "intake.mailed_words": ("（邮件里另外写道）{text}", "(written in the mail besides) {text}"),
}
