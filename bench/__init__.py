"""Measurements as ratios against peers and limits in the same run; see README.md."""
