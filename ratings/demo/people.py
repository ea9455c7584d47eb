"""Who works in the invented service, and who signs in to see it."""

from dataclasses import dataclass

PASSWORD = "alliance-demo"  # noqa: S105 - everyone's, in the demo only


@dataclass(frozen=True)
class Person:
    """Someone on the invented staff; `leave` are the weeks without sessions, counted back from now."""

    name: str
    mailbox: str
    roles: tuple[str, ...] = ("clinician",)
    leave: tuple[int, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.mailbox}@example.org"


ANA = Person("Ana Ruiz", "ana.ruiz", leave=(12, 13, 31))
LEA = Person("Lea Fox", "lea.fox", leave=(15, 16))
MAYA = Person("Maya Osei", "clinician", leave=(17, 18))
PAUL = Person("Paul Lind", "paul.lind", leave=(11, 30))
TOM = Person("Tom Adler", "tom.adler", leave=(14, 15, 16))
WIM = Person("Wim Baker", "wim.baker", leave=(8, 13, 14))
RUTH = Person("Ruth Lang", "ruth.lang", ("clinician", "supervisor"), leave=(10, 22, 23))
HELEN = Person("Helen Brandt", "supervisor", ("supervisor",))
ILSE = Person("Ilse Novak", "admin", ("admin",))

STAFF = (ANA, LEA, MAYA, PAUL, TOM, WIM, RUTH, HELEN, ILSE)
SUPERVISED = {HELEN: (ANA, LEA, MAYA, PAUL, TOM, WIM), RUTH: (WIM,)}
SIGN_INS = {
    MAYA: "a clinician: her twelve clients, three sessions today and three still to rate",
    HELEN: "their supervisor: six clinicians and their 46 clients",
    ILSE: "the administrator: people and settings, no clinical data",
}
