"""`python -m lovechat`: run the whole product, migrate the database, build the front end."""

import argparse
import sys

from lovechat.core.embedded_postgres import EmbeddedPostgresError
from lovechat.core.settings import SettingsError, load_settings
from lovechat.front_end import FrontEndError, build_if_stale

BAD_SETTINGS = 2


def main() -> int:
    """Run a command; what a person can mend is said in one line, without a traceback."""
    parser = argparse.ArgumentParser("lovechat", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve everything on one port")
    commands.add_parser("migrate", help="bring the database to this version's schema")
    commands.add_parser("build", help="build the front end if its sources changed")
    command = parser.parse_args().command
    try:
        settings = load_settings()
        if command == "build":
            build_if_stale()
        elif command == "migrate":
            from lovechat.core.database_server import database_server
            from lovechat.migrations import migrate

            with database_server(settings) as url:
                migrate(url)
        else:
            from lovechat.server import run

            run(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return BAD_SETTINGS
    except (EmbeddedPostgresError, FrontEndError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
