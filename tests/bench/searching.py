"""placeholder"""


def searching():
    yield from ()
