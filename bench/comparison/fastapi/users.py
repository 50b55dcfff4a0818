"""The tutorial's microservice: FastAPI with Redis, validation by Pydantic, an expiry of one hour. Redis is all the storage it has.

Usage: REDIS=redis://127.0.0.1:PORT uvicorn users:app --port PORT
"""
import os

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel
from redis import asyncio as redis

HOUR = 3600
app = FastAPI()
store = redis.from_url(os.environ["REDIS"])


class NewUser(BaseModel):
    name: str
    email: str


class User(NewUser):
    id: int


@app.get("/users/{id}")
async def get(id: int):
    found = await store.get(f"user:{id}")
    if found is None:
        raise HTTPException(404, "User not found")
    return Response(found, media_type="application/json")  # as it is stored: parsing it again would only cost


@app.post("/users", status_code=201)
async def create(user: NewUser):
    made = User(id=await store.incr("users"), **user.dict())
    body = made.json()
    await store.set(f"user:{made.id}", body, ex=HOUR)
    return Response(body, status_code=201, media_type="application/json")


@app.get("/livez")
async def live():
    return "ok"
