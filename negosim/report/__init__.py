"""What people see: values in, rich renderables out; nothing here prints, reads or computes."""
