"""Reports on the reviews. They count texts, steps and reasons; they never compare people."""
