"""What people do with messages: one function per action, one transaction each."""
