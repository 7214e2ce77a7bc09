"""The Python AI router, as far as its HTTP contract goes, for tests through real FastAPI and uvicorn.

Written for Debian 12's python3-fastapi 0.92 (pydantic 1) and python3-uvicorn 0.17:

    /usr/bin/python3 src/test/python/router.py --port 8000
    /usr/bin/python3 -m uvicorn --app-dir src/test/python router:app --port 8000

Started as a program it prints one line, ``LISTENING <port>``, once it accepts connections.

Environment:
    AI_ROUTER_API_KEY  when set, the contract's paths but /health want it in X-API-Key
    ROUTER_STREAMS     1 turns /route/stream on; it is a 404 otherwise, as deployed today
    ROUTER_DELAY_MS    how long /route and its like think, in milliseconds; 0 when not set

Beyond the contract it has paths that show what a proxy does to a message: /echo, /bytes/{n},
/headers, /cookies, /head, /status/{code} and /__stats. A stream whose prompt has ``__pull__`` in it
sends its first event by itself and each other one for a POST of {"prompt": ...} to /__pull.
"""

import argparse
import asyncio
import json
import os
import socket
import time
import uuid
from collections import defaultdict
from typing import Any, AsyncIterator, Dict, List, Optional

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect
from typing_extensions import Literal

REGION = "eastus2"
KEEP_ALIVE_SECONDS = 65
EVENTS = 10
EVENT_GAP_SECONDS = 0.1
PULL_SECONDS = 30
BLOCK = bytes(range(256)) * 256

API_KEY = os.environ.get("AI_ROUTER_API_KEY", "")
STREAMS = os.environ.get("ROUTER_STREAMS") == "1"
DELAY_SECONDS = int(os.environ.get("ROUTER_DELAY_MS", "0")) / 1000

MODELS = {
    "math": "DeepSeek-R1",
    "coding": "DeepSeek-V3",
    "creative": "Mistral-Large-2411",
    "visual": "Phi-4-Multimodal",
    "audio": "Phi-4-Multimodal",
    "multimodal": "Phi-4-Multimodal",
}
TypeHint = Literal["math", "coding", "creative", "chat", "visual", "audio", "multimodal"]


class RouteRequest(BaseModel):
    prompt: str
    client_tier: Literal["standard", "vip"] = "standard"
    type_hint: Optional[TypeHint] = None
    language_hint: Optional[Literal["fr", "en", "other"]] = None
    modality: Optional[str] = None
    image_urls: Optional[List[str]] = None
    audio_url: Optional[str] = None
    video_url: Optional[str] = None


class TranscribeRequest(BaseModel):
    audio_url: str
    language_hint: Optional[str] = None


class ChatMessage(BaseModel):
    role: str
    content: Any = None


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    messages: List[ChatMessage]
    model: Optional[str] = None
    stream: bool = False
    stream_options: Optional[StreamOptions] = None


class Stats:
    """Counts requests around the whole application: begun, answered to the end, left by the client."""

    def __init__(self, application: FastAPI) -> None:
        self.application = application
        self.started = 0
        self.finished = 0
        self.disconnected = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] == "/__stats":
            await self.application(scope, receive, send)
            return
        self.started += 1
        over = False

        async def receive_counted() -> Any:
            nonlocal over
            message = await receive()
            if message["type"] == "http.disconnect" and not over:
                over = True
                self.disconnected += 1
            return message

        async def send_counted(message: Any) -> None:
            nonlocal over
            last = message["type"] == "http.response.body" and not message.get("more_body")
            if last and not over:
                over = True
                self.finished += 1
            await send(message)

        try:
            await self.application(scope, receive_counted, send_counted)
        except ClientDisconnect:
            pass

    def counters(self) -> Dict[str, int]:
        ended = self.finished + self.disconnected
        return {
            "started": self.started,
            "finished": self.finished,
            "disconnected": self.disconnected,
            "open": self.started - ended,
        }


class DuplexResponse(StreamingResponse):
    """A stream made from the request's own body.

    The usual one waits for the disconnect by receiving, which would eat pieces of that body.
    """

    async def listen_for_disconnect(self, receive: Any) -> None:
        await asyncio.Event().wait()


def check_key(x_api_key: Optional[str] = Header(None)) -> None:
    if API_KEY and x_api_key != API_KEY:
        raise HTTPException(
            status_code=401,
            detail="Invalid or missing API key",
            headers={"WWW-Authenticate": "ApiKey"},
        )


async def think(request: Request, prompt: str) -> None:
    """Takes the model's time, or fails as it does. Stops at once when the client leaves."""
    if not prompt.strip():
        raise HTTPException(status_code=400, detail="Prompt must not be empty")
    if DELAY_SECONDS:
        # The body has been read, so what can still be received is the disconnect.
        try:
            message = await asyncio.wait_for(request.receive(), DELAY_SECONDS)
            if message["type"] == "http.disconnect":
                raise ClientDisconnect()
        except asyncio.TimeoutError:
            pass
    if "__fail__" in prompt:
        raise HTTPException(status_code=500, detail="Model invocation failed")


def choose(body: RouteRequest) -> str:
    if body.type_hint in MODELS:
        return MODELS[body.type_hint]
    if body.language_hint == "fr":
        return "Mistral-Large-2411"
    return "Llama-3.3-70B" if body.client_tier == "vip" else "Phi-4-mini"


def usage_of(prompt: str, output: str) -> Dict[str, int]:
    prompt_tokens = max(1, len(prompt) // 4)
    completion_tokens = max(1, len(output) // 4)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


def routed(body: RouteRequest, model: str, output: str) -> Dict[str, Any]:
    return {
        "model": model,
        "deployment": deployment_of(model),
        "region": REGION,
        "routing": {
            "type": body.type_hint or "chat",
            "language": body.language_hint or "en",
            "client_tier": body.client_tier,
        },
        "output": output,
        "usage": usage_of(body.prompt, output),
    }


def deployment_of(model: str) -> str:
    return model.lower().replace(".", "-") + "-prod"


def output_of(model: str) -> str:
    return f"I am the Python router, model {model} in {REGION}."


def pieces_of(output: str) -> List[str]:
    """Splits a text into as many pieces as a stream has events."""
    bounds = [index * len(output) // EVENTS for index in range(EVENTS + 1)]
    return [output[start:end] for start, end in zip(bounds, bounds[1:])]


def event(data: Any) -> str:
    return "data: " + (data if isinstance(data, str) else json.dumps(data)) + "\n\n"


pulls: Dict[str, "asyncio.Queue[None]"] = defaultdict(asyncio.Queue)


async def event_gap(prompt: str) -> None:
    """The model's pace, or the client's own: nothing but its reading lets the next event go."""
    if "__pull__" in prompt:
        await asyncio.wait_for(pulls[prompt].get(), PULL_SECONDS)
    else:
        await asyncio.sleep(EVENT_GAP_SECONDS)


def event_stream(events: AsyncIterator[str]) -> StreamingResponse:
    return StreamingResponse(
        events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
    )


open_paths = APIRouter()
contract = APIRouter(dependencies=[Depends(check_key)])
jobs: Dict[str, float] = {}


@open_paths.get("/health")
async def health() -> Dict[str, str]:
    return {"status": "healthy", "region": REGION, "service": "ai-router"}


@contract.post("/route")
async def route(body: RouteRequest, request: Request) -> Dict[str, Any]:
    await think(request, body.prompt)
    model = choose(body)
    return routed(body, model, output_of(model))


@contract.post("/multimodal/analyze")
async def analyze(body: RouteRequest, request: Request) -> Dict[str, Any]:
    await think(request, body.prompt)
    return routed(body, "Phi-4-Multimodal", output_of("Phi-4-Multimodal"))


async def route_events(body: RouteRequest) -> AsyncIterator[str]:
    """Every event has the answer's shape and one piece; only the last has usage."""
    model = choose(body)
    output = output_of(model)
    whole = routed(body, model, output)
    for index, piece in enumerate(pieces_of(output)):
        if index:
            await event_gap(body.prompt)
        usage = whole["usage"] if index == EVENTS - 1 else None
        yield event({**whole, "output": piece, "usage": usage})
    yield event("[DONE]")


async def route_stream(body: RouteRequest, request: Request) -> StreamingResponse:
    await think(request, body.prompt)
    return event_stream(route_events(body))


if STREAMS:
    contract.post("/route/stream")(route_stream)


@contract.post("/audio/transcribe", status_code=202)
async def transcribe(body: TranscribeRequest) -> Dict[str, Any]:
    if not body.audio_url.strip():
        raise HTTPException(status_code=400, detail="Audio URL must not be empty")
    job_id = "job-" + uuid.uuid4().hex
    jobs[job_id] = time.monotonic()
    return job_of(job_id, "running")


@contract.get("/audio/transcribe/{job_id}")
async def transcription(job_id: str) -> Dict[str, Any]:
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    return job_of(job_id, "succeeded" if time.monotonic() - jobs[job_id] > 1 else "running")


def job_of(job_id: str, status: str) -> Dict[str, Any]:
    model = "Azure-Speech-Batch"
    return {
        "job_id": job_id,
        "status": status,
        "model": model,
        "deployment": deployment_of(model),
        "region": REGION,
        "output": output_of(model) if status == "succeeded" else None,
        "usage": None,
    }


@contract.post("/v1/chat/completions")
async def chat(body: ChatRequest, request: Request) -> Any:
    prompt = "\n".join(str(message.content or "") for message in body.messages)
    await think(request, prompt)
    model = body.model or "Phi-4-mini"
    output = output_of(model)
    envelope = {
        "id": "chatcmpl-" + uuid.uuid4().hex,
        "object": "chat.completion.chunk" if body.stream else "chat.completion",
        "created": int(time.time()),
        "model": model,
    }
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return event_stream(chat_events(envelope, prompt, output, with_usage))
    message = {"role": "assistant", "content": output}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**envelope, "choices": [choice], "usage": usage_of(prompt, output)}


async def chat_events(
    envelope: Dict[str, Any], prompt: str, output: str, with_usage: bool
) -> AsyncIterator[str]:
    def chunk(delta: Dict[str, str], finish_reason: Optional[str] = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        data = {**envelope, "choices": [choice]}
        return event({**data, "usage": None} if with_usage else data)

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces_of(output):
        await event_gap(prompt)
        yield chunk({"content": piece})
    yield chunk({}, "stop")
    if with_usage:
        yield event({**envelope, "choices": [], "usage": usage_of(prompt, output)})
    yield event("[DONE]")


@open_paths.post("/echo")
async def echo(request: Request) -> Response:
    media_type = request.headers.get("content-type", "application/octet-stream")
    return DuplexResponse(request.stream(), media_type=media_type)


@open_paths.get("/bytes/{count}")
async def count_of_bytes(count: int) -> Response:
    async def blocks() -> AsyncIterator[bytes]:
        left = count
        while left > 0:
            yield BLOCK[:left]
            left -= len(BLOCK)

    return StreamingResponse(
        blocks(),
        media_type="application/octet-stream",
        headers={"Content-Length": str(count)},
    )


@open_paths.get("/headers")
async def received_headers(request: Request) -> List[List[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw]


@open_paths.get("/cookies")
async def cookies(response: Response) -> Dict[str, int]:
    response.headers.append("Set-Cookie", "first=1; Path=/")
    response.headers.append("Set-Cookie", "second=2; Path=/; HttpOnly")
    return {"cookies": 2}


@open_paths.api_route("/head", methods=["GET", "HEAD"])
async def head() -> Response:
    return Response("0123456789", media_type="text/plain", headers={"ETag": '"ten"'})


@open_paths.get("/status/{code}")
async def status_only(code: Literal["204", "304"]) -> Response:
    return Response(status_code=int(code), headers={"ETag": '"none"'})


@open_paths.post("/__pull", status_code=204)
async def pull(body: RouteRequest) -> Response:
    pulls[body.prompt].put_nowait(None)
    return Response(status_code=204)


@open_paths.get("/__stats")
async def stats() -> Dict[str, int]:
    return app.counters()


api = FastAPI(title="ai-router", docs_url=None, redoc_url=None, openapi_url=None)
api.include_router(open_paths)
api.include_router(contract)
app = Stats(api)


def main() -> None:
    parser = argparse.ArgumentParser(description="The Python AI router for tests")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((arguments.host, arguments.port))
    # From here on connections queue, so the line below may be believed.
    listener.listen(2048)
    print(f"LISTENING {listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        backlog=2048,
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
