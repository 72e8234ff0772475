import pytest

from checks.shared_servers import service_at, service_named


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("d111111abcdef8.cloudfront.net", "Amazon CloudFront"),
        ("shops.myshopify.com", "Shopify"),
        ("Pointing.WixDNS.net.", "Wix"),
        ("ext-cust.squarespace.com", "Squarespace"),
        ("kahvila.wpengine.com", "WP Engine"),
        ("kahvila.azureedge.net", "Microsoft Azure"),
        ("www.kahvila.fi.edgekey.net", "Akamai"),
        ("cloudfront.net.kahvila.fi", None),
        ("notcloudfront.net", None),
        ("ip-1-2-3-4.ip.secureserver.net", None),
        ("kahvila.fi", None),
    ],
)
def test_name_of_a_shared_server(host: str, service: str | None) -> None:
    assert service_named(host) == service


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("104.16.132.229", "Cloudflare"),
        ("2606:4700::6810:84e5", "Cloudflare"),
        ("151.101.1.69", "Fastly"),
        ("13.32.0.1", "Amazon CloudFront"),
        ("23.227.38.65", "Shopify"),
        ("185.230.63.107", "Wix"),
        ("185.199.108.153", "GitHub Pages"),
        ("76.76.21.21", "Vercel"),
        ("75.2.60.5", "Netlify"),
        ("192.0.78.25", "WordPress.com"),
        ("75.2.60.6", None),  # Amazon's load balancers, and others' servers behind them
        ("45.33.32.156", None),  # a rented server of its own, at Linode, which belongs to Akamai
        ("3.5.140.1", None),  # Amazon, and somebody's own
        ("198.18.10.1", None),
        ("2001:67c:2a8::80", None),
    ],
)
def test_address_of_a_shared_server(address: str, service: str | None) -> None:
    assert service_at(address) == service
