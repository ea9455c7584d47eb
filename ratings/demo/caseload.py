"""The invented clients, clinician by clinician, with what is planted in their therapies."""

from clients.models import Ending, Modality
from ratings.demo.course import Course, Dip
from ratings.demo.people import ANA, LEA, MAYA, PAUL, RUTH, TOM, WIM

MAYAS = (
    # Her first three are seen today, the next two were seen on the last working day, the sixth some days before.
    Course(
        "C-0142",
        "Robin A.",
        MAYA,
        16,
        (Dip(7, 1.9, 3, ("tasks", "trust")),),
        5.2,
        5.1,
        0.7,
        gap=(0.4, 0.7, 1.0, 1.3, 1.6),
        asks=1,
    ),
    Course("C-0155", "Sam W.", MAYA, 9, (Dip(-1, 1.9, 0, ("trust", "bond")),), 5.0, 5.1, 0.4, asks=2),
    Course("C-0163", "Eden M.", MAYA, 4, level=4.5, growth=0.2, answers=0, modality=Modality.PHONE, stopped=2),
    Course(
        "C-0098", "Jules P.", MAYA, 22, (Dip(12, 2.0, 3),), 5.2, 5.4, 0.6, waiting=1, modality=Modality.VIDEO, asks=1
    ),
    Course("C-0170", "Noor T.", MAYA, 3, level=4.9, client_level=5.0, waiting=1, answers=1),
    Course("C-0152", "Cleo R.", MAYA, 8, level=6.2, client_level=5.6, waiting=1, modality=Modality.VIDEO, asks=1),
    Course("C-0091", "Kai D.", MAYA, 24, level=5.5, client_level=5.2, growth=0.5, fading=(1.2, 14), asks=3),
    Course("C-0121", "Ash K.", MAYA, 19, (Dip(9, 1.8, 2, ("empathy", "responsiveness")),), 5.0, 5.2, 0.9),
    Course("C-0117", "Mika L.", MAYA, 20, level=5.8, client_level=5.0, growth=0.4, asks=1),
    Course("C-0139", "Ira S.", MAYA, 26, level=6.2, client_level=6.1, growth=0.4),
    Course("C-0148", "Bo F.", MAYA, 13, (Dip(5, 1.9, 3, noticed=False),), 5.9, 5.5, 0.5, answers=1),
    Course("C-0166", "Uma G.", MAYA, 5, level=5.0, client_level=5.3),
    Course("C-0084", "Oli B.", MAYA, 14, (Dip(6, 2.0, 2),), 5.3, ended=15),
    Course("C-0103", "Pia N.", MAYA, 11, level=5.6, ended=9),
)
ANAS = (
    Course("C-0088", "Kit B.", ANA, 27, (Dip(-4, 2.1, 0, ("tasks", "engagement")),), 5.3, 5.4, 0.5, asks=1),
    Course("C-0131", "Lou H.", ANA, 19, level=5.5, client_level=5.2, growth=0.4, fading=(1.4, 8), asks=1),
    Course("C-0080", "Gerda S.", ANA, 32, (Dip(14, 2.0, 3), Dip(24, 1.8, 2, ("goals", "tasks"))), 5.1, growth=0.8),
    Course("C-0112", "Ivo M.", ANA, 19, level=4.9, growth=0.8, modality=Modality.VIDEO),
    Course("C-0136", "Nell C.", ANA, 14, (Dip(6, 1.9, 2),), 5.4, asks=2),
    Course("C-0156", "Juno R.", ANA, 8, level=5.0, growth=0.5),
    Course("C-0090", "Fin O.", ANA, 6, level=5.2, growth=0.5),
    Course("C-0118", "Noa J.", ANA, 18, level=5.4, growth=0.4, before=(PAUL, 10)),
    Course("C-0090", "Fin O.", ANA, 9, level=4.9, ended=20),
    Course("C-0086", "Hanna V.", ANA, 16, (Dip(9, 1.8, 3),), 5.2, ended=14),
)
LEAS = (
    Course("C-0111", "Val N.", LEA, 20, level=5.7, growth=0.3, same=(6, 5), answers=0.3),
    Course("C-0095", "Alex J.", LEA, 22, level=5.8, growth=0.3, client_sevens=True, answers=0.9),
    Course("C-0127", "Rio T.", LEA, 16, (Dip(8, 2.0, 2),), 5.0, growth=0.6, answers=0.35, asks=1),
    Course("C-0145", "Billie K.", LEA, 7, level=5.3, growth=0.5, every=2, answers=0.3),
    Course("C-0094", "Sol E.", LEA, 5, level=4.8, growth=0.4, answers=0.3),
    Course("C-0171", "Dina F.", LEA, 2, level=5.2, answers=0.5),
    Course("C-0100", "Otto W.", LEA, 15, level=5.5, ended=6, answers=0.4),
    Course("C-0099", "Selma H.", LEA, 12, level=5.1, growth=0.7, ended=13, answers=0.4),
)
PAULS = (
    Course("C-0107", "Toni V.", PAUL, 22, (Dip(-1, 2.4, 0, ("trust", "engagement")),), 5.3, 5.2, 0.5, missed_last=1),
    Course("C-0085", "Marlo D.", PAUL, 29, (Dip(11, 1.8, 3),), 5.3, growth=0.7, asks=1),
    Course("C-0115", "Tess B.", PAUL, 18, level=5.6, growth=0.4, modality=Modality.VIDEO, asks=2),
    Course("C-0134", "Joss L.", PAUL, 13, (Dip(7, 2.1, 4, ("empathy", "bond")),), 5.1, growth=0.5),
    Course("C-0150", "Ines P.", PAUL, 10, level=6.3, growth=0.2),
    Course("C-0161", "Ruben H.", PAUL, 6, level=4.9, growth=0.5),
    Course("C-0172", "Fay S.", PAUL, 1, level=5.1),
    Course("C-0097", "Emil G.", PAUL, 8, (Dip(-2, 2.0, 0),), 5.0, ended=12, ending=Ending.UNPLANNED, missed_last=2),
    Course("C-0109", "Lotte Z.", PAUL, 10, level=5.4, ended=11),
)
TOMS = (
    Course("C-0149", "Remy S.", TOM, 6, level=3.6, client_level=3.7, growth=0.1),
    Course("C-0089", "Wanda K.", TOM, 28, (Dip(17, 2.0, 2, ("responsiveness", "empathy")),), 5.2, growth=0.8, asks=1),
    Course("C-0114", "Mats O.", TOM, 19, level=5.1, growth=0.6),
    Course("C-0128", "Cara I.", TOM, 20, (Dip(9, 1.7, 2),), 5.5, growth=0.3),
    Course("C-0141", "Levi N.", TOM, 9, level=4.9, growth=0.6, every=2),
    Course("C-0157", "Greta A.", TOM, 8, level=5.3, growth=0.5, modality=Modality.VIDEO),
    Course("C-0174", "Nico B.", TOM, 0),
    Course("C-0169", "Ilja R.", TOM, 3, level=4.7),
    Course("C-0094", "Sol E.", TOM, 6, level=4.6, ended=17, ending=Ending.UNPLANNED, missed_last=1),
    Course("C-0092", "Yara Q.", TOM, 22, (Dip(10, 2.0, 3),), 5.1, ended=5),
    Course("C-0120", "Piet U.", TOM, 5, level=4.8, ended=16, ending=Ending.TRANSFERRED),
)
WIMS = (
    Course("C-0160", "Jo D.", WIM, 11, level=5.0, waiting=3, answers=0.3),
    Course("C-0093", "Elin W.", WIM, 24, (Dip(13, 2.0, 3),), 5.2, growth=0.6, pause=(18, 5), asks=1),
    Course("C-0123", "Timo C.", WIM, 18, level=5.4, growth=0.4),
    Course("C-0137", "Marit F.", WIM, 11, level=5.0, growth=0.6, answers=0.3),
    Course("C-0164", "Sander L.", WIM, 5, level=5.2, answers=0.3),
    Course("C-0105", "Hugo E.", WIM, 9, level=5.0, ended=10, ending=Ending.OTHER),
)
RUTHS = (
    Course("C-0096", "Vera T.", RUTH, 24, (Dip(12, 1.9, 2),), 5.6, growth=0.5, asks=4),
    Course("C-0132", "Milo P.", RUTH, 15, level=5.2, growth=0.6),
    Course("C-0158", "Anouk J.", RUTH, 7, level=5.4, growth=0.4),
    Course("C-0102", "Bruno Y.", RUTH, 9, level=5.5, ended=8),
)
COURSES = (*MAYAS, *ANAS, *LEAS, *PAULS, *TOMS, *WIMS, *RUTHS)
