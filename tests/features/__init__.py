"""Each feature, tried as people use it and read on the screen."""
