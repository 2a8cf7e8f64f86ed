"""Who plays what of a search: this process and partners, whose figures are the same."""

from tests.experiment.alone import linux, said_alone


@linux
def test_all_partners_of_a_search_are_forked_with_what_was_dealt_here_and_a_lost_one_costs_nothing() -> None:
    """The first question is played here; partners have its hands, and deal those of the next; a loss is played here."""
    assert said_alone("""
        import os, signal
        from multiprocessing import active_children
        from sim.experiment.line import Line
        from sim.staffing.plan.playing import Players, Task
        from sim.staffing.plan.schedules import Schedules
        from tests.staffing.plan.desk import morning

        def counted(players, numbers):
            tops, bottoms = players.play([Task(schedules.present, numbers)])[0]
            return tops.tolist(), bottoms.tolist()

        schedules = Schedules(morning())
        with Players(schedules, 1, 1, "compiled") as alone:
            one = [counted(alone, numbers) for numbers in ((0, 1), (0, 1), (0, 1, 2), (2, 3))]
        deal = Line.deal
        Line.deal = lambda self, seed, number: (print("deal", number, flush=True), deal(self, seed, number))[1]
        with Players(schedules, 1, 2, "compiled") as players:
            found = [counted(players, (0, 1)), counted(players, (0, 1)), counted(players, (0, 1, 2))]
            print(sorted(type(child).__name__ for child in active_children()))
            for child in active_children():
                os.kill(child.pid, signal.SIGKILL)
            print([*found, counted(players, (2, 3))] == one)
    """) == [
        "deal 0",
        "deal 1",
        "deal 2",
        "['ForkProcess', 'ForkProcess']",
        "deal 2",
        "deal 3",
        "True",
    ]
