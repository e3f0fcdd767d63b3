"""What is said when something cannot be done? One line for people; with --json also as data."""


class Refusal(Exception):
    """What was asked cannot be done; exit status 2.

    `code` is for programs (`unknown-skill`), `where` names the argument, field or place, the message says what was
    expected and what to do. `said` is the line for people, where it is not just `where: message`.
    """

    def __init__(self, message: str, *, code: str, where: str = "", said: str = "") -> None:
        self.message, self.code, self.where = message, code, where
        self.said = said or (f"{where}: {message}" if where else message)
        super().__init__(message)

    def __str__(self) -> str:
        return self.said

    def plain(self) -> dict[str, object]:
        """The error as JSON has it."""
        return {"error": {"code": self.code, "where": self.where, "message": self.message}}
