def cross_faults(scenario):
    return []
