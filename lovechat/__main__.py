"""`python -m lovechat`: run the product, migrate its database, build its front end, report on a year."""

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
    report = commands.add_parser(
        "safety-report", help="print what the guard did in a year, without identities"
    )
    report.add_argument("--year", type=int, required=True, help="a calendar year, such as 2026")
    report.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args()
    command = given.command
    try:
        settings = load_settings()
        if command == "build":
            build_if_stale()
        elif command == "migrate":
            from lovechat.core.database_server import database_server
            from lovechat.migrations import migrate

            with database_server(settings) as url:
                migrate(url)
        elif command == "safety-report":
            from lovechat.safety_report import print_report

            print_report(settings, given.year, as_json=given.json)
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
