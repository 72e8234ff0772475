import pytest

from checks.records.claimable import service_of


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("shop.azurewebsites.net", "Azure App Service"),
        ("shop.westeurope.cloudapp.azure.com", "Azure"),
        ("shop.eu-north-1.elasticbeanstalk.com", "AWS Elastic Beanstalk"),
        # Not the customer's own label, or not a service's name at all.
        ("azurewebsites.net", None),
        ("www.shop.azurewebsites.net", None),
        ("shop-a1b2.westeurope-01.azurewebsites.net", None),
        ("westeurope.cloudapp.azure.com", None),
        ("notazurewebsites.net", None),
        ("shop.firm.fi", None),
    ],
)
def test_service_where_anybody_could_ask_for_that_name(target: str, name: str | None) -> None:
    found = service_of(target)
    assert (found.name if found else None) == name


def test_proof_is_known_where_there_is_one() -> None:
    service = service_of("shop.azurewebsites.net")
    assert service is not None
    assert service.proof == "asuid"
