"""The journal as a Merkle tree: roots and proofs are those of RFC 6962, grown, built whole, or taken up after a restart."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from hub.evidence.verify_bundle import roots
from hub.journal.checkpoint import Checkpointer, read_checkpoints, signature_holds
from hub.journal.ports import Checkpoint
from hub.journal.tree import TREE_FILE, Frontier, Tree, leaf_of, read_tree
from tests.support.evidence import made_up
from tests.support.journal import command, running_writer
from tests.support.story import LEADER

HASHES = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(70)]


def rfc_6962(hashes: Sequence[str]) -> str:
    """MTH of §2.1, as it stands there."""

    def mth(leaves: Sequence[bytes]) -> bytes:
        if not leaves:
            return hashlib.sha256(b"").digest()
        if len(leaves) == 1:
            return hashlib.sha256(b"\x00" + leaves[0]).digest()
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()

    return mth([bytes.fromhex(each) for each in hashes]).hex()


def test_grown_and_built_whole_it_has_the_root_of_the_rfc() -> None:
    grown, whole = Frontier(), Tree(HASHES)
    for size in range(len(HASHES) + 1):
        assert grown.root() == whole.root(size) == rfc_6962(HASHES[:size])
        if size < len(HASHES):
            grown.add(HASHES[size])


def test_a_known_root_of_the_rfc_s_own_example_shape() -> None:
    """Three leaves: the lone one stands on the right, unpaired."""
    a, b, c = (leaf_of(each) for each in HASHES[:3])
    pair = hashlib.sha256(b"\x01" + a + b).digest()
    assert Tree(HASHES[:3]).root() == hashlib.sha256(b"\x01" + pair + c).hexdigest()


@pytest.mark.parametrize("seed", range(60))
def test_the_nodes_of_a_proof_give_every_root_and_no_node_is_too_many(seed: int) -> None:
    chance = random.Random(seed)
    total = chance.randrange(1, len(HASHES))
    wanted = sorted(chance.sample(range(total), chance.randrange(0, total)))
    sizes = sorted({*chance.sample(range(1, total + 1), chance.randrange(0, total)), total})
    tree = Tree(HASHES[:total])
    nodes = {(node.first, node.end): node.hash for node in tree.proof(wanted, sizes)}
    leaves = {leaf: leaf_of(HASHES[leaf]) for leaf in wanted}
    over = roots(leaves, nodes, sizes)
    assert [over(0, size).hex() for size in sizes] == [rfc_6962(HASHES[:size]) for size in sizes]
    for missing in nodes:
        fewer = {place: node for place, node in nodes.items() if place != missing}
        assert roots(leaves, fewer, sizes)(0, total).hex() != tree.root()


def test_a_root_of_before_that_no_node_of_the_whole_tree_gives_is_not_believed() -> None:
    """A forger may put any node into a proof: one over leaves that are no subtree of the whole counts for nothing."""
    tree, lie = Tree(HASHES[:8]), hashlib.sha256(b"another past").digest()
    nodes = {(node.first, node.end): node.hash for node in tree.proof([], [7, 8])}
    over = roots({}, {**nodes, (0, 7): lie, (4, 7): lie}, [7, 8])
    assert (over(0, 7).hex(), over(0, 8).hex()) == (tree.root(7), tree.root())


async def test_a_restart_takes_the_tree_up_and_goes_on_where_it_was(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/hub.db", tmp_path / "data"

    async def open_one(title: str) -> list[Checkpoint]:
        async with running_writer(url, folder=folder) as (writer, _):
            centers = [LEADER.center]
            asked = command("meeting.open", title=title, kind="dispatch", centers=centers, record=False)
            await writer.submit(asked, LEADER)
        return list(read_checkpoints(folder / "checkpoints.jsonl"))

    await open_one("一")
    kept = read_tree(folder)
    assert kept is not None
    await open_one("二")
    (folder / TREE_FILE).write_text("{}")  # spoilt: it is read anew
    signed = await open_one("三")
    async with running_writer(url, folder=folder) as (_, database):
        hashes = await database.read(
            lambda connection: [
                str(row[0]) for row in connection.exec_driver_sql("SELECT hash FROM entries ORDER BY seq")
            ]
        )
    assert [(each.size, each.root) for each in signed] == [
        (each.size, rfc_6962(hashes[: each.size])) for each in signed
    ]
    assert [each.seq for each in signed] == [each.size for each in signed]
    assert len(signed) == 3


def test_a_kept_tree_that_no_checkpoint_bears_out_is_not_taken(tmp_path: Path) -> None:
    entries = made_up(9)
    liar = Frontier()
    for entry in entries[1:]:
        liar.add(entry.hash)
    (tmp_path / TREE_FILE).write_text(liar.text(8))
    assert Checkpointer(tmp_path).begin() == 0


def test_no_signature_of_something_else_passes_for_a_checkpoint(tmp_path: Path) -> None:
    signer = Checkpointer(tmp_path)
    with pytest.raises(ValueError, match="checkpoint"):
        signer.sign_bytes(b'{"at":"2026-11-23T08:00:00.000000Z"}')
    told = signer.sign_bytes(b"something else")
    assert len(told) == 128
    assert not any(signature_holds(each, signer._key.public_key()) for each in read_checkpoints(signer.path))
