"""Average the weights of several runs that began from the same weights. The average is a little better than each run.

python -m training.average RUN1/model.pt RUN2/model.pt --out RUN/model.pt
"""

import argparse
from pathlib import Path

from training.network import load, save


def main() -> None:
    """Read the weights of the runs, average them, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    networks = [load(path) for path in options.runs]
    states = [network.state_dict() for network in networks]
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    networks[0].load_state_dict(mean)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save(networks[0], options.out)


if __name__ == "__main__":
    main()
