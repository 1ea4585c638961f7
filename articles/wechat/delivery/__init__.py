"""The way of a push to WeChat: a state machine whose every step can be cut off and taken up again.

`rules`, `plan`, `differences` and `marks` are pure; `worker` leases a row and takes it further by
the steps of `steps` and `sending`; `services` are what people do. See docs/delivery.md.
"""
