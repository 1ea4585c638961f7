"""WeChat: what we send there, how, and what comes back."""
