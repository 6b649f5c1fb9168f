"""Sessions, oneself and people, in the stand-in API."""

from frontend.e2e import fake_data
from frontend.e2e.fake_api import Answer, Call, FakeApi, own, problem, route

PASSWORD = "Cobrar con calma 1"
TOTP_CODE = "123456"
SIGN_IN_STEP = "step-" + "1" * 20


@route("POST", "/session", anonymous=True)
def open_session(api: FakeApi, call: Call) -> Answer:
    email = call.body["email"]
    if call.body["password"] != PASSWORD:
        return problem(401, "session.sign_in_failed")
    if email.startswith("nueva@"):
        return Answer(200, {"challenge": "new_password", "session": SIGN_IN_STEP})
    if email.startswith("segura@"):
        return Answer(200, {"challenge": "totp", "session": SIGN_IN_STEP})
    if email.startswith("estreno@"):
        totp = fake_data.totp(email)
        return Answer(200, {"challenge": "totp_setup", "session": SIGN_IN_STEP, "totp": totp})
    person = next((p for p in api.people if p["email"] == email), None)
    if person is None:
        return problem(401, "session.sign_in_failed")
    api.me_id = person["person_id"]
    return api.sign_in()


@route("POST", "/session/challenge", anonymous=True)
def answer_challenge(api: FakeApi, call: Call) -> Answer:
    if call.body["challenge"] != "new_password" and call.body["answer"]["code"] != TOTP_CODE:
        return problem(422, "session.code_wrong")
    return api.sign_in()


@route("POST", "/session/refresh", anonymous=True)
def refresh(api: FakeApi, call: Call) -> Answer:
    api.refreshes += 1
    if not api.cookie_valid or "recobro_refresh" not in call.headers.get("cookie", ""):
        return problem(401, "session.ended")
    return api.sign_in()


@route("DELETE", "/session", anonymous=True)
@route("DELETE", "/session/all")
def close_session(api: FakeApi, call: Call) -> Answer:
    api.cookie_valid = False
    api.tokens = set()
    return Answer(204)


@route("POST", "/password/forgotten", anonymous=True)
def forgotten(api: FakeApi, call: Call) -> Answer:
    return Answer(202, {})


@route("POST", "/password/reset", anonymous=True)
def reset(api: FakeApi, call: Call) -> Answer:
    return Answer(204) if call.body["code"] == TOTP_CODE else problem(422, "session.code_wrong")


# Me and people


@route("GET", "/me")
def get_me(api: FakeApi, call: Call) -> Answer:
    return Answer(200, own(api.me))


@route("PATCH", "/me")
def patch_me(api: FakeApi, call: Call) -> Answer:
    api.me.update(call.body)
    return Answer(200, own(api.me))


@route("POST", "/me/totp")
def start_totp(api: FakeApi, call: Call) -> Answer:
    return Answer(200, fake_data.totp(api.me["email"]))


@route("PUT", "/me/totp")
def prove_totp(api: FakeApi, call: Call) -> Answer:
    if call.body["code"] != TOTP_CODE:
        return problem(422, "session.code_wrong")
    api.me["totp"] = True
    return Answer(204)


@route("GET", "/people")
def list_people(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": api.people, "cursor": None})


@route("PUT", "/people/{id}/photo")
def put_photo(api: FakeApi, call: Call) -> Answer:
    person = next(p for p in api.people if p["person_id"] == call.parts[0])
    person["photo_key"] = "media/people/7f83b1657ff1fc53b92d.webp"
    return Answer(200, person)


@route("POST", "/people")
def invite(api: FakeApi, call: Call) -> Answer:
    if any(p["email"] == call.body["email"] for p in api.people):
        return problem(409, "person.email_taken")
    person = fake_data.person(f"per_{len(api.people)}", status="invited", **call.body)
    api.people.append(person)
    return Answer(201, person)


@route("GET", "/people/{id}")
def get_person(api: FakeApi, call: Call) -> Answer:
    found = [p for p in api.people if p["person_id"] == call.parts[0]]
    return Answer(200, found[0]) if found else problem(404, "person.not_found")


@route("PATCH", "/people/{id}")
def patch_person(api: FakeApi, call: Call) -> Answer:
    person = next(p for p in api.people if p["person_id"] == call.parts[0])
    person.update(call.body)
    if "disabled" in call.body:
        person["status"] = "disabled" if call.body["disabled"] else "active"
    return Answer(200, person)


@route("DELETE", "/people/{id}/totp")
def forget_totp(api: FakeApi, call: Call) -> Answer:
    person = next(p for p in api.people if p["person_id"] == call.parts[0])
    person["totp"] = False
    return Answer(200, person)


@route("POST", "/people/{id}/password-reset")
@route("POST", "/people/{id}/invitation")
def write_to_person(api: FakeApi, call: Call) -> Answer:
    return Answer(202, {})
