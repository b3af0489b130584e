"""What somebody from outside sees: their own space, and no sign of the others."""

from tests.journeys.places import either


@either
def test_a_guest_reads_their_space_and_meets_nothing_of_the_others(person, ground):
    guest = person("guest", "brokers")
    hidden = ("Customer due diligence", "KYC-", "Opening an account", "Awa Diallo", "mobile phone")

    for path in ("/", "/spaces", "/spaces/brokers", "/procedures/BRO-001"):
        guest.open(path).reads_nothing_of(*hidden)
    guest.open("/").reads("Brokers", "BRO-001")

    guest.open("/search?q=mobile+bill").sees("Nothing answers yet.").reads_nothing_of("KYC-", "Awa Diallo", "due diligence")
    assert guest.page.locator("nav.facets .n").all_inner_texts() == ["0"]


@either
def test_what_is_not_for_a_guest_looks_like_what_does_not_exist(person):
    guest = person("guest", "brokers")

    def read(path: str) -> str:
        return guest.open(path).page.get_by_role("main").inner_text()

    assert read("/procedures/KYC-001") == read("/procedures/NONE-001")
    assert read("/spaces/kyc") == read("/spaces/nowhere")
