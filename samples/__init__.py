"""The sample register and the form templates, and the scripts that make them."""
