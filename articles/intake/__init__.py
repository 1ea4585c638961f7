"""Where articles come from: 选题单 and 投稿箱."""
