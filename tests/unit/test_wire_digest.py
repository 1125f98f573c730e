"""Signing in at cameras: the answers of the RFCs' own examples, and challenges as cameras write them."""

from __future__ import annotations

import hashlib

import pytest

from hub.wire.digest import Authorizer, DigestError, parse_challenges

RFC2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
    ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def header(challenge: str, user: str, password: str, cnonce: str, method: str, uri: str) -> str:
    return Authorizer(parse_challenges([challenge])[0], user, password, lambda: cnonce).header(method, uri)


def test_the_example_of_rfc_2617() -> None:
    told = header(RFC2617, "Mufasa", "Circle Of Life", "0a4f113b", "GET", "/dir/index.html")
    assert 'response="6629fae49393a05397450978507c4ef1"' in told
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in told
    assert "nc=00000001" in told


@pytest.mark.parametrize(
    ("algorithm", "answer"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, answer: str) -> None:
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    told = header(RFC7616.format(algorithm), "Mufasa", "Circle of Life", cnonce, "GET", "/dir/index.html")
    assert f'response="{answer}"' in told


def test_a_challenge_without_qop_and_algorithm_is_plain_md5() -> None:
    told = header(
        'Digest realm="IP Camera(23435)", nonce="abc"', "admin", "12345", "", "DESCRIBE", "rtsp://h/1"
    )
    first, second = md5("admin:IP Camera(23435):12345"), md5("DESCRIBE:rtsp://h/1")
    answer = md5(f"{first}:abc:{second}")
    assert told == (
        f'Digest username="admin", realm="IP Camera(23435)", nonce="abc", uri="rtsp://h/1", response="{answer}"'
    )


@pytest.mark.parametrize(
    ("value", "realm"),
    [
        ('Digest realm="Login to 4K: A, B", nonce="n"', "Login to 4K: A, B"),
        ('digest  Realm = "x" ,Nonce = "n"', "x"),
        ("Digest realm=bare words, nonce=n", "bare words"),
        ('Digest realm="with \\"quotes\\"", nonce="n"', 'with "quotes"'),
        ('Digest realm="Basic realm=", nonce="n"', "Basic realm="),
        ('Digest nonce="n"', ""),
        ('Digest realm="a", nonce="n", algorithm="MD5"', "a"),
        ('Digest realm="a", nonce="n", algorithm=', "a"),
    ],
)
def test_challenges_as_cameras_write_them(value: str, realm: str) -> None:
    (challenge,) = parse_challenges([value])
    assert (challenge.scheme, challenge.realm, challenge.nonce) == ("digest", realm, "n")
    assert challenge.algorithm == "md5"


def test_the_better_way_is_taken_and_basic_only_where_it_is_alone() -> None:
    basic, md5 = 'Basic realm="a"', 'Digest realm="a", nonce="n"'
    sha = md5 + ", algorithm=SHA-256"
    assert [each.algorithm for each in parse_challenges([basic, md5, sha])] == ["sha-256", "md5"]
    assert [each.scheme for each in parse_challenges([f"{basic}, {md5}"])] == ["digest"]
    assert [each.scheme for each in parse_challenges([basic])] == ["basic"]


@pytest.mark.parametrize(
    "values", [[], [""], ["Negotiate x"], ['Digest realm="a"'], ['Digest nonce="n", algorithm=SHA-512-256']]
)
def test_what_cannot_be_answered_is_one_error(values: list[str]) -> None:
    with pytest.raises(DigestError):
        parse_challenges(values)


def test_a_name_cannot_get_out_of_its_quotes() -> None:
    told = header('Digest realm="a", nonce="n"', 'x", realm="b', "p", "", "OPTIONS", "rtsp://h/")
    assert 'username="x\\", realm=\\"b"' in told
    with pytest.raises(DigestError):
        header('Digest realm="a", nonce="n"', "x\r\nX: y", "p", "", "OPTIONS", "rtsp://h/")


def test_counts_go_up_within_a_nonce() -> None:
    authorizer = Authorizer(parse_challenges([RFC2617])[0], "u", "p", lambda: "c")
    assert "nc=00000001" in authorizer.header("OPTIONS", "x")
    assert "nc=00000002" in authorizer.header("OPTIONS", "x")
