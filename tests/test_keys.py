"""The sweep for keys that runs after every test before an endpoint does find one."""


def test_a_key_in_a_folder_is_found_and_nothing_else(keys_in, tmp_path):
    (tmp_path / "run" / "models").mkdir(parents=True)
    (tmp_path / "run" / "log.txt").write_text("asked with the key [key]")
    assert keys_in(tmp_path) == []
    card = tmp_path / "run" / "models" / "card.md"
    card.write_bytes(b"\x00\xffsk-canary-1\x00")
    assert keys_in(tmp_path) == [card]
    assert keys_in(tmp_path, since_ns=card.stat().st_mtime_ns + 1) == []
