from django.urls import path, re_path

from alliance_tracker.accounts.views import (
    digest,
    invitations,
    links,
    my_account,
    people,
    person,
    service_settings,
    sign_in,
)

urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/logout/", sign_in.sign_out, name="account_logout"),
    path("accounts/signup/", sign_in.sign_up, name="account_signup"),
    path("accounts/password/change/", sign_in.change_password, name="account_change_password"),
    path("accounts/password/reset/", sign_in.reset_password, name="account_reset_password"),
    path("accounts/password/reset/done/", sign_in.reset_mail_sent, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.set_new_password,
        name="account_reset_password_from_key",
    ),
    path("accounts/password/reset/key/done/", sign_in.new_password_set, name="account_reset_password_from_key_done"),
    path("accounts/me/", my_account.my_account, name="my_account"),
    path("accounts/digest/", digest.choose_digest, name="choose_digest"),
    path("digest/stop/<str:token>/", digest.stop_digest, name="stop_digest"),
    path("accounts/token/", my_account.csrf_token, name="csrf_token"),
    path("invite/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
    path("people/", people.people, name="people"),
    path("people/invite/", invitations.invite_person, name="invite_person"),
    path("people/link/", links.new_link, name="new_link"),
    path("people/invitations/<uuid:pk>/resend/", invitations.resend_invitation, name="resend_invitation"),
    path("people/invitations/<uuid:pk>/withdraw/", invitations.withdraw_invitation, name="withdraw_invitation"),
    path("people/<uuid:pk>/", person.edit_person, name="edit_person"),
    path("people/<uuid:pk>/supervisors/", person.add_supervisor, name="add_supervisor"),
    path("people/supervision/<uuid:pk>/end/", person.end_supervision, name="end_supervision"),
    path("people/<uuid:pk>/reset-link/", person.make_reset_link, name="make_reset_link"),
    path("people/<uuid:pk>/restore/", person.restore_person, name="restore_person"),
    path("settings/", service_settings.service_settings, name="service_settings"),
]
