"""A storage in S3, or on a server that is compatible with it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import CONNECTING, SILENCE, TRIES, Chunks, Failed, Missing
from recommender.text import one_line

AMAZON = (".amazonaws.com", ".amazonaws.com.cn")
_CHUNK = 1 << 20


@asynccontextmanager
async def open_s3(address: Address, key: str) -> AsyncIterator[Chunks]:
    """Open an object.

    A request is signed with the user's credentials for Amazon's own hosts, and for the endpoint that the user's own
    settings name (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` or `endpoint_url` in ~/.aws/config). To any other host it
    is anonymous.
    """
    from aiobotocore.session import get_session
    from botocore import UNSIGNED
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    async with AsyncExitStack() as stack:
        session = get_session()
        endpoint = address.options.get("endpointurl")
        region = address.options.get("region")
        try:
            is_known = endpoint is None or await _is_known(session, endpoint, region)
            client = await stack.enter_async_context(
                session.create_client(
                    "s3", region_name=region or _region(session), endpoint_url=endpoint,
                    config=_settings(None if is_known else UNSIGNED),
                )
            )  # fmt: skip
            path = f"{address.path}/{key}".lstrip("/")
            found = await client.get_object(Bucket=address.host, Key=path)
        except NoCredentialsError:
            raise Failed(
                "there are no credentials for it: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret"
            ) from None
        except ClientError as error:
            problem = str(error.response.get("Error", {}).get("Code") or "an error")
            if problem in ("NoSuchKey", "404"):
                raise Missing(address.shown()) from None
            advice = "" if is_known else f"; no credentials are sent to {endpoint} unless AWS_ENDPOINT_URL_S3 names it"
            raise Failed(f"it answers {problem}{advice}") from None
        except (BotoCoreError, ValueError, OSError) as error:
            raise Failed(one_line(error)) from None
        body = await stack.enter_async_context(found["Body"])

        async def chunks() -> AsyncIterator[bytes]:
            try:
                async for chunk in body.iter_chunks(_CHUNK):
                    yield chunk
            except (BotoCoreError, OSError) as error:
                raise Failed(one_line(error)) from None

        yield chunks()


def _settings(signature: Any) -> Any:
    from aiobotocore.config import AioConfig

    return AioConfig(
        connect_timeout=CONNECTING,
        read_timeout=SILENCE,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        signature_version=signature,
    )


async def _is_known(session: Any, endpoint: str, region: str | None) -> bool:
    """Tell whether an endpoint is Amazon's, or the one that the user's own settings name."""
    from botocore import UNSIGNED

    parts = urlsplit(endpoint)
    if parts.scheme == "https" and (parts.hostname or "").endswith(AMAZON):
        return True
    async with session.create_client("s3", region_name=region or _region(session), config=_settings(UNSIGNED)) as own:
        return bool(own.meta.endpoint_url.rstrip("/") == endpoint.rstrip("/"))


def _region(session: Any) -> str:
    return str(session.get_config_variable("region") or "us-east-1")
