"""Messages to groups of 企业微信, 钉钉 and 飞书: one body a group, signed, at most once."""
