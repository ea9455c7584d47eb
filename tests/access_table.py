"""The table of access: every page, every kind of person, what a GET and a POST of theirs get.

`in` leads to the sign-in.
"""

PEOPLE = {
    "nobody": ["anonymous", "deactivated", "away"],
    "own": ["ada"],
    "reviewer": ["sue"],
    "other": ["ben", "stella", "former", "future", "had emergency", "eve"],
    "ex-rev.": ["ex-supervisor"],
    "admin": ["adam"],
    "no-role": ["without role"],
}
TABLE = """
page                                  nobody   own      reviewer other    ex-rev.  admin    no-role

# The door
account_login                         200/422  302/302  302/302  302/302  302/302  302/302  302/302
mfa_login_webauthn                    200/in   302/302  302/302  302/302  302/302  302/302  302/302
mfa_authenticate                      in/in    302/302  302/302  302/302  302/302  302/302  302/302
account_logout                        in/in    200/in   200/in   200/in   200/in   200/in   200/in
account_signup                        200/405  200/405  200/405  200/405  200/405  200/405  200/405
account_reset_password                200/200  200/200  200/200  200/200  200/200  200/200  200/200
account_reset_password_done           200/405  200/405  200/405  200/405  200/405  200/405  200/405
account_reset_password_from_key       200/422  200/422  200/422  200/422  200/422  200/422  200/422
account_reset_password_from_key_done  200/405  200/405  200/405  200/405  200/405  200/405  200/405
accept_invitation                     200/422  200/422  200/422  200/422  200/422  200/422  200/422
stop_digest                           200/200  200/200  200/200  200/200  200/200  200/200  200/200

# Of clients, who have no account
answer_link                           200/422  200/422  200/422  200/422  200/422  200/422  200/422
answer                                404/404  404/404  404/404  404/404  404/404  404/404  404/404
enter_code                            200/422  200/422  200/422  200/422  200/422  200/422  200/422
thank_you                             200/405  200/405  200/405  200/405  200/405  200/405  200/405

# Of everyone
account_change_password               in/in    200/422  200/422  200/422  200/422  200/422  200/422
my_account                            in/in    200/422  200/422  200/422  200/422  200/422  200/422
confirm_sign_in                       in/in    200/422  200/422  200/422  200/422  200/422  200/422
resume                                in/in    302/405  302/405  302/405  302/405  302/405  302/405
second_factor                         in/in    200/405  200/405  200/405  200/405  200/405  200/405
add_passkey                           in/in    200/422  200/422  200/422  200/422  200/422  200/422
add_code_app                          in/in    200/422  200/422  200/422  200/422  200/422  200/422
remove_passkey                        in/in    405/302  405/302  405/302  405/302  405/302  405/302
remove_code_app                       in/in    405/302  405/302  405/302  405/302  405/302  405/302
recovery_codes                        in/in    200/405  200/405  200/405  200/405  200/405  200/405
renew_recovery_codes                  in/in    405/302  405/302  405/302  405/302  405/302  405/302
my_sign_ins                           in/in    200/405  200/405  200/405  200/405  200/405  200/405
end_sign_in                           in/in    405/302  405/302  405/302  405/302  405/302  405/302
end_other_sign_ins                    in/in    405/302  405/302  405/302  405/302  405/302  405/302
csrf_token                            in/in    200/405  200/405  200/405  200/405  200/405  200/405

# Of admins
people                                in/in    403/403  403/403  403/403  403/403  200/405  403/403
invite_person                         in/in    403/403  403/403  403/403  403/403  200/422  403/403
new_link                              in/in    403/403  403/403  403/403  403/403  302/405  403/403
resend_invitation                     in/in    403/403  403/403  403/403  403/403  405/302  403/403
withdraw_invitation                   in/in    403/403  403/403  403/403  403/403  405/302  403/403
edit_person                           in/in    403/403  403/403  403/403  403/403  200/422  403/403
add_supervisor                        in/in    403/403  403/403  403/403  403/403  405/422  403/403
end_supervision                       in/in    403/403  403/403  403/403  403/403  405/302  403/403
make_reset_link                       in/in    403/403  403/403  403/403  403/403  405/302  403/403
restore_person                        in/in    403/403  403/403  403/403  403/403  405/302  403/403
let_in_again                          in/in    403/403  403/403  403/403  403/403  405/302  403/403
remove_second_factor                  in/in    403/403  403/403  403/403  403/403  405/302  403/403
deactivate_person                     in/in    403/403  403/403  403/403  403/403  200/422  403/403
hand_on_caseload                      in/in    403/403  403/403  403/403  403/403  200/422  403/403
audit_trail                           in/in    403/403  403/403  403/403  403/403  200/405  403/403
client_codes                          in/in    403/403  403/403  403/403  403/403  200/405  403/403
retention                             in/in    403/403  403/403  403/403  403/403  200/405  403/403
what_is_stored                        in/in    403/403  403/403  403/403  403/403  200/405  403/403
hold_record                           in/in    403/403  403/403  403/403  403/403  200/422  403/403
lift_hold                             in/in    403/403  403/403  403/403  403/403  405/302  403/403
erase_client                          in/in    403/403  403/403  403/403  403/403  200/422  403/403
new_client_code                       in/in    403/403  403/403  403/403  403/403  200/422  403/403
hand_on_client                        in/in    403/403  403/403  403/403  403/403  200/422  403/403
service_settings                      in/in    403/403  403/403  403/403  403/403  200/422  403/403
low_and_said                          in/in    403/403  403/403  403/403  403/403  200/422  403/403

# Of clinicians and supervisors
today                                 in/in    200/405  302/405  200/405  302/405  302/405  302/405
client_list                           in/in    200/405  200/405  200/405  200/405  403/403  403/403
find_client                           in/in    405/200  405/200  405/200  405/200  403/403  403/403
supervision                           in/in    403/403  200/405  403/403  200/405  403/403  403/403
service_report                        in/in    403/403  200/405  403/403  200/405  200/405  403/403
service_report_pdf                    in/in    403/403  200/405  403/403  200/405  200/405  403/403
service_ratings_csv                   in/in    403/403  200/405  403/403  200/405  403/403  403/403
service_strains_csv                   in/in    403/403  200/405  403/403  200/405  403/403  403/403
mirror                                in/in    200/405  403/403  200/405  403/403  403/403  403/403
openings                              in/in    200/405  403/403  200/405  403/403  403/403  403/403
choose_client                         in/in    200/405  403/403  200/405  403/403  403/403  403/403
emergency_access                      in/in    200/422  200/422  200/422  200/422  403/403  403/403
review_emergency_access               in/in    403/403  200/422  403/403  404/404  403/403  403/403
new_client                            in/in    200/422  403/403  200/422  403/403  403/403  403/403

# Of supervisors
choose_digest                         in/in    403/403  405/302  403/403  405/302  403/403  403/403
meetings                              in/in    403/403  200/405  403/403  200/405  403/403  403/403
prepare_meeting                       in/in    403/403  200/422  403/403  200/422  403/403  403/403
meeting                               in/in    403/403  200/405  403/403  404/405  403/403  403/403
propose_again                         in/in    403/403  405/302  403/403  405/404  403/403  403/403
add_case                              in/in    403/403  405/422  403/403  405/404  403/403  403/403
close_meeting                         in/in    403/403  405/302  403/403  405/404  403/403  403/403
mark_case                             in/in    403/403  405/400  403/403  405/404  403/403  403/403
record_decision                       in/in    403/403  405/422  403/403  405/404  403/403  403/403

# Of one client
client                                in/in    200/405  200/405  404/405  404/405  404/405  404/405
copy_for_client                       in/in    200/200  404/404  404/404  404/404  404/404  404/404
add_rectification                     in/in    200/422  404/404  404/404  404/404  404/404  404/404
ratings_csv                           in/in    200/405  200/405  404/405  404/405  404/405  404/405
client_report                         in/in    200/405  200/405  404/405  404/405  404/405  404/405
client_report_pdf                     in/in    200/405  200/405  404/405  404/405  404/405  404/405
edit_client                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
edit_pattern                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
new_episode                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
new_session                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
end_episode                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
reopen_episode                        in/in    405/409  405/404  405/404  405/404  405/404  405/404
ask_client                            in/in    200/400  404/404  404/404  404/404  404/404  404/404
edit_asking                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
hand_over                             in/in    200/422  404/404  404/404  404/404  404/404  404/404
rate                                  in/in    200/422  404/404  404/404  404/404  404/404  404/404
correct_rating                        in/in    200/422  404/404  404/404  404/404  404/404  404/404
move_rating                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
rating_versions                       in/in    200/405  200/405  404/405  404/405  404/405  404/405
observe                               in/in    404/404  200/422  404/404  404/404  404/404  404/404
keep_typed                            in/in    405/200  405/404  405/404  405/404  405/404  405/404
mark_session                          in/in    405/400  405/404  405/404  405/404  405/404  405/404
edit_session                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
void_session                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
mark_rupture                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
change_rupture                        in/in    200/422  404/404  404/404  404/404  404/404  404/404
say_outcome                           in/in    405/400  405/404  405/404  405/404  405/404  405/404
see_signal                            in/in    405/302  405/404  405/404  405/404  405/404  405/404
reject_signal                         in/in    405/302  405/404  405/404  405/404  405/404  405/404
pause_signals                         in/in    200/422  404/404  404/404  404/404  404/404  404/404
resume_signals                        in/in    405/409  405/404  405/404  405/404  405/404  405/404
new_follow_up                         in/in    200/422  200/422  404/404  404/404  404/404  404/404
finish_follow_up                      in/in    405/302  405/302  405/404  405/404  405/404  405/404
reopen_follow_up                      in/in    405/302  405/302  405/404  405/404  405/404  405/404
review_client                         in/in    405/404  405/409  405/404  405/404  405/404  405/404
assign_follow_up                      in/in    404/404  200/422  404/404  404/404  404/404  404/404
"""
UNLIKE_THEIR_KIND = {("eve", "client"): "200/405"}
MAY_READ = {
    "ada": {
        *("name", "email", "note", "draft", "observed", "what", "minutes", "emergency", "disagrees", "reason"),
        *("key", "corrected", "said", "paused", "remark"),
    },
    "sue": {"name", "note", "observed", "what", "minutes", "emergency", "disagrees", "said", "remark"},
    "eve": {"name", "note", "observed", "what", "minutes", "disagrees", "said"},
    "adam": {"hold"},
}
FRESH = {  # asks for a sign-in of the last ten minutes
    *("add_passkey", "add_code_app", "remove_passkey", "remove_code_app", "recovery_codes", "renew_recovery_codes"),
    *("service_settings", "invite_person", "resend_invitation", "withdraw_invitation", "edit_person", "add_supervisor"),
    *("end_supervision", "make_reset_link", "restore_person", "let_in_again", "remove_second_factor"),
    *("deactivate_person", "hand_on_caseload", "hand_on_client", "emergency_access"),
    *("ratings_csv", "service_ratings_csv", "service_strains_csv", "client_report_pdf", "service_report_pdf"),
    *("copy_for_client", "lift_hold", "erase_client", "low_and_said"),
}
QUERIES = {
    "today": ["?sort=change", "?saved={session}"],
    "client_list": ["?show=closed", "?sort=usual", "?page=2"],
    "client": ["?saved={session}", "?by=date&split=1&sessions=all"],
    "rating_versions": ["?at=2026-11-01T10:00"],
    "client_report": ["?for=client"],
    "service_report": ["?clinician=1"],
    "mirror": ["?clinician=1"],
    "supervision": ["?rater=client", "?unrated=1", "?all=1&seen=no&severity=high&rule=strain-reported"],
    "openings": ["?client={client}", "?page=2"],
    "client_codes": ["?status=all", "?q=Canary", "?page=2"],
    "people": ["?q=Canary", "?status=all", "?page=2"],
    "retention": ["?show=held", "?show=all", "?q=Canary"],
    "audit_trail": ["?kind=records", "?kind=emergency"],
}


def read_table() -> dict[str, dict[str, str]]:
    head, *lines = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
    kinds = head.split()[1:]
    return {name: dict(zip(kinds, cells, strict=True)) for name, *cells in map(str.split, lines)}


PAGES = read_table()
OF_ONE_CLIENT = [name for name, cells in PAGES.items() if "404" in cells["other"]]
KIND = {person: kind for kind, people in PEOPLE.items() for person in people}


def cell(page: str, name: str) -> str:
    """Return what the table says of this person."""
    return UNLIKE_THEIR_KIND.get((name, page), PAGES[page][KIND[name]])
