"""The functions' environment of a deployed stack, for programs that run the same code."""

from infra.aws import Cloud


def of_stack(cloud: Cloud, outputs: dict[str, str]) -> dict[str, str]:
    """
    What the stack's functions see, and how to reach its services from here.

    Args:
        outputs: The stack's; its API function is asked, so that nothing is said twice.
    """
    function = cloud.client("lambda").get_function_configuration(
        FunctionName=outputs["APIHandlerName"]
    )
    variables: dict[str, str] = dict(function["Environment"]["Variables"])
    variables |= {"AWS_REGION": cloud.region, "AWS_DEFAULT_REGION": cloud.region}
    if cloud.endpoint:
        variables |= {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
    if cloud.dynamodb:
        variables["AWS_ENDPOINT_URL_DYNAMODB"] = cloud.dynamodb
    return variables
