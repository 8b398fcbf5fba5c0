"""Eight loss functions and their gradients in NumPy."""
