"""
What CloudFront does to every page, and the laptop's front door with it: headers, clean URLs.

No inline script or style anywhere, so the policy needs no exception
(docs/adr/0003). Presigned uploads go straight to S3: in the cloud the bucket is
named in ``connect-src``, on the laptop S3 answers under the site's own origin.
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "frontend" / "pages" / "pages.json"
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"

# Names that carry a content hash never change; everything else is asked for again.
CACHE_FOREVER = "public, max-age=31536000, immutable"
CACHE_CHECK = "no-cache"


def content_security_policy(*connect: str) -> str:
    """
    The policy, with more origins that scripts may talk to.

    >>> content_security_policy("https://b.s3.amazonaws.com").split("; ")[4]
    "connect-src 'self' https://b.s3.amazonaws.com"
    """
    parts = dict(DIRECTIVES)
    parts["connect-src"] = " ".join([parts["connect-src"], *connect])
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def plain_headers() -> dict[str, str]:
    """What the laptop's front door sends; HSTS is left out, it has no TLS."""
    return {
        "Content-Security-Policy": content_security_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def headers_policy() -> dict[str, Any]:
    """CloudFront's response headers policy, as a part to merge."""
    buckets = [
        f"https://${{{bucket}.RegionalDomainName}}" for bucket in ("Uploads", "Evidence", "Exports")
    ]
    custom = {
        name: value
        for name, value in plain_headers().items()
        if name
        in ("Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")
    }
    return {
        "Resources": {
            "SiteHeaders": {
                "Type": "AWS::CloudFront::ResponseHeadersPolicy",
                "Condition": "HasEdge",
                "Properties": {
                    "ResponseHeadersPolicyConfig": {
                        "Name": {"Fn::Sub": "${AWS::StackName}-site"},
                        "SecurityHeadersConfig": {
                            "ContentSecurityPolicy": {
                                "ContentSecurityPolicy": {
                                    "Fn::Sub": content_security_policy(*buckets)
                                },
                                # A page that the API makes brings its own, which is stricter.
                                "Override": False,
                            },
                            "ContentTypeOptions": {"Override": True},
                            "FrameOptions": {"FrameOption": "DENY", "Override": True},
                            "ReferrerPolicy": {
                                "ReferrerPolicy": "same-origin",
                                "Override": False,
                            },
                            "StrictTransportSecurity": {
                                "AccessControlMaxAgeSec": 63072000,
                                "IncludeSubdomains": True,
                                "Preload": True,
                                "Override": True,
                            },
                        },
                        "CustomHeadersConfig": {
                            "Items": [
                                {"Header": name, "Value": value, "Override": True}
                                for name, value in custom.items()
                            ]
                        },
                    }
                },
            }
        }
    }


def clean_urls() -> str:
    """CloudFront's function: which file an address is, and which address is no page of ours."""
    listed = json.loads(PAGES.read_text("utf-8"))["pages"]
    pages = sorted(page["path"] for page in listed if page["path"].endswith("/"))
    code = (HERE / "clean_urls.js").read_text("utf-8")
    return code.replace("const PAGES = [];", f"const PAGES = {json.dumps(pages)};")


def clean_urls_function() -> dict[str, Any]:
    """The same, as a part to merge."""
    return {
        "Resources": {
            "CleanUrls": {
                "Type": "AWS::CloudFront::Function",
                "Condition": "HasEdge",
                "Properties": {
                    "Name": {"Fn::Sub": "${AWS::StackName}-clean-urls"},
                    "AutoPublish": True,
                    "FunctionConfig": {"Comment": "Clean URLs", "Runtime": "cloudfront-js-2.0"},
                    "FunctionCode": clean_urls(),
                },
            }
        }
    }
