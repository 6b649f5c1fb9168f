"""Signing in and out, through the API."""

import pytest

from chalicelib import wiring
from chalicelib.domain.people import Role
from tests.api.cloud import PASSWORD

EMAIL = "sup@example.com"


@pytest.fixture
def supervisor(cloud):
    return cloud.person(EMAIL, Role.SUPERVISOR, portfolios=("prt_in",))


@pytest.fixture
def revoked(cloud, monkeypatch):
    """Tokens that Cognito was asked to revoke; moto lacks the call."""
    tokens = []
    client = wiring.identity()._client
    monkeypatch.setattr(
        client, "revoke_token", lambda **sent: tokens.append(sent["Token"]), raising=False
    )
    return tokens


def refresh_cookie(answer):
    return answer.headers["Set-Cookie"].split(";")[0]


def test_a_password_opens_a_session(api, supervisor):
    answer = api("POST /session", {"email": " SUP@example.com ", "password": PASSWORD})

    assert answer.status == 200
    assert answer.body["me"]["person_id"] == supervisor.person_id
    assert api("GET /me", token=answer.body["access_token"]).body["email"] == EMAIL


def test_the_refresh_token_is_out_of_reach_of_scripts_and_other_sites(api, supervisor):
    answer = api("POST /session", {"email": EMAIL, "password": PASSWORD})

    rules = answer.headers["Set-Cookie"].split("; ")[1:]
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/session"} <= set(rules)
    assert refresh_cookie(answer).split("=", 1)[1] not in str(answer.body)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_a_refusal_does_not_tell_who_is_known(api, supervisor, email):
    answer = api("POST /session", {"email": email, "password": "wrong-password"})

    assert (answer.status, answer.code) == (401, "session.sign_in_failed")
    assert answer.body["details"] == {}


def test_an_invited_person_chooses_a_password(api, admin, cloud):
    api("POST /people", {"email": "new@example.com", "name": "Nuevo", "role": "agent"}, token=admin)
    cloud.client("cognito-idp").admin_set_user_password(
        UserPoolId=cloud.pool_id, Username="new@example.com", Password="Primera-vez-99",
        Permanent=False,
    )  # fmt: skip

    step = api("POST /session", {"email": "new@example.com", "password": "Primera-vez-99"})
    assert step.body["challenge"] == "new_password"
    weak = answer_challenge(api, step, new_password="corta")
    assert (weak.status, weak.code) == (422, "session.password_too_weak")
    done = answer_challenge(api, step, new_password="Mi-propia-clave-1")

    assert done.status == 200
    assert done.body["me"]["email"] == "new@example.com"


def answer_challenge(api, step, email="new@example.com", cookie="", **answer):
    body = {
        "email": email,
        "challenge": step.body["challenge"],
        "session": step.body["session"],
        "answer": answer,
    }
    return api("POST /session/challenge", body, cookie=cookie)


def test_an_admin_sets_up_a_second_factor_before_anything_opens(api, cloud):
    cloud.person("new@example.com", Role.ADMIN)

    step = api("POST /session", {"email": "new@example.com", "password": PASSWORD})
    assert step.body["challenge"] == "totp_setup"
    assert step.body["totp"]["uri"].startswith("otpauth://totp/Recobro:new%40example.com?secret=")
    shut = api("GET /people", token=step.body["session"])
    assert (shut.status, shut.code) == (401, "session.totp_required")
    early = api("POST /session/refresh", cookie=refresh_cookie(step))
    assert (early.status, early.code) == (401, "session.totp_required")

    done = answer_challenge(api, step, cookie=refresh_cookie(step), code="123456")

    assert done.status == 200
    assert done.body["me"]["totp"] is True
    assert api("GET /people", token=done.body["access_token"]).status == 200


def test_whoever_has_a_second_factor_is_asked_for_it(api, cloud):
    cloud.person("new@example.com", Role.ADMIN)
    step = api("POST /session", {"email": "new@example.com", "password": PASSWORD})
    answer_challenge(api, step, cookie=refresh_cookie(step), code="123456")

    step = api("POST /session", {"email": "new@example.com", "password": PASSWORD})
    assert step.body["challenge"] == "totp"
    done = answer_challenge(api, step, code="123456")

    assert done.status == 200
    assert done.body["access_token"]


def test_a_challenge_says_what_it_needs(api, cloud):
    answer = api(
        "POST /session/challenge",
        {"email": EMAIL, "challenge": "totp", "session": "x" * 20, "answer": {"new_password": "y"}},
    )

    assert (answer.status, answer.body["details"]["field"]) == (422, "answer.code")


def test_a_made_up_challenge_ends(api, supervisor):
    answer = api(
        "POST /session/challenge",
        {"email": EMAIL, "challenge": "totp", "session": "x" * 20, "answer": {"code": "123456"}},
    )

    assert (answer.status, answer.code) == (401, "session.challenge_ended")


def test_a_cookie_renews_the_session(api, supervisor):
    first = api("POST /session", {"email": EMAIL, "password": PASSWORD})

    again = api("POST /session/refresh", cookie=refresh_cookie(first))

    assert again.status == 200
    assert api("GET /me", token=again.body["access_token"]).status == 200


def test_without_a_cookie_there_is_nothing_to_renew(api, cloud):
    answer = api("POST /session/refresh")

    assert (answer.status, answer.code) == (401, "session.ended")


def test_signing_out_forgets_the_cookie_and_can_be_repeated(api, supervisor, revoked):
    first = api("POST /session", {"email": EMAIL, "password": PASSWORD})

    for _ in range(2):
        answer = api("DELETE /session", cookie=refresh_cookie(first))
        assert answer.status == 204
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert revoked == [refresh_cookie(first).split("=", 1)[1]] * 2


def test_signing_out_everywhere_ends_every_token(api, supervisor):
    one = api("POST /session", {"email": EMAIL, "password": PASSWORD})
    two = api("POST /session", {"email": EMAIL, "password": PASSWORD})

    assert api("DELETE /session/all", token=one.body["access_token"]).status == 204

    for session in (one, two):
        shut = api("GET /me", token=session.body["access_token"])
        assert (shut.status, shut.code) == (401, "session.ended")


@pytest.mark.parametrize("token", ["", "x.y.z", "rcb_none_none"])
def test_a_token_that_is_none_is_refused_at_the_door(api, cloud, token):
    assert api("GET /me", token=token).status == 401


def test_a_token_of_another_pool_is_refused(api, supervisor, cloud, monkeypatch):
    token = api("POST /session", {"email": EMAIL, "password": PASSWORD}).body["access_token"]
    monkeypatch.setattr(wiring.access_tokens(), "_issuer", "https://elsewhere")

    assert api("GET /me", token=token).status == 401


def test_an_id_token_is_no_access_token(api, supervisor, cloud):
    tokens = cloud.client("cognito-idp").admin_initiate_auth(
        UserPoolId=cloud.pool_id, ClientId=cloud.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": EMAIL, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]  # fmt: skip

    assert api("GET /me", token=tokens["IdToken"]).status == 401
    assert api("GET /me", token=tokens["AccessToken"]).status == 200


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_a_forgotten_password_gets_one_answer(api, supervisor, email):
    answer = api("POST /password/forgotten", {"email": email})

    assert (answer.status, answer.body) == (202, None)


def test_a_reset_password_works_and_ends_old_sessions(api, supervisor, cloud):
    old = api("POST /session", {"email": EMAIL, "password": PASSWORD}).body["access_token"]
    sent = cloud.client("cognito-idp").forgot_password(
        ClientId=cloud.client_id, Username=supervisor.person_id
    )
    code = sent["ResponseMetadata"]["HTTPHeaders"]["x-moto-forgot-password-confirmation-code"]

    answer = api(
        "POST /password/reset", {"email": EMAIL, "code": code, "password": "Otra-clave-nueva-2"}
    )

    assert answer.status == 204
    assert api("GET /me", token=old).status == 401
    again = api("POST /session", {"email": EMAIL, "password": "Otra-clave-nueva-2"})
    assert again.status == 200


def test_a_wrong_code_resets_nothing(api, supervisor):
    answer = api(
        "POST /password/reset",
        {"email": "nobody@example.com", "code": "000000", "password": "Otra-clave-nueva-2"},
    )

    assert (answer.status, answer.code) == (422, "session.code_wrong")


def test_one_changes_ones_own_name_and_language_only(api, supervisor):
    token = api("POST /session", {"email": EMAIL, "password": PASSWORD}).body["access_token"]

    changed = api("PATCH /me", {"name": "Ana María", "language": "pt"}, token=token)
    assert (changed.body["name"], changed.body["language"]) == ("Ana María", "pt")

    kept = api("PATCH /me", {"name": None, "phone": None}, token=token)
    assert (kept.status, kept.body["name"], kept.body["phone"]) == (200, "Ana María", "")
    refused = api("PATCH /me", {"role": "admin"}, token=token)
    assert refused.status == 422
    assert refused.body["details"] == {"field": "role", "reason": "unknown"}
