from numba import njit


def cached(function):
    return njit(nogil=True, error_model="numpy")(function)
