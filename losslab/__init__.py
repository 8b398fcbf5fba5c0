"""What the notebooks need around the mathematics: figures, live sliders, data sets, answer checks."""
