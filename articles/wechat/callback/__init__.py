"""What WeChat tells us by itself: a signed, encrypted message when a sending has come to its end.

Off until WECHAT_CALLBACK_TOKEN and WECHAT_CALLBACK_AES_KEY are both set, because an account that
has a server of its own no longer answers its readers with the replies of the back office.
"""
