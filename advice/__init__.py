"""What a text says about who does what, and what a colleague would remark about it: pure functions of words."""
