#!/usr/bin/python3
"""Signs a command with a key of `Client -- keys create --commands` and pushes it on trading_commands, or prints it."""
import argparse, hashlib, hmac, json, os, secrets, sys, time
args = argparse.ArgumentParser(description=__doc__)
args.add_argument("command", help='JSON of the command, such as {"action":"pause","reason":"drill"}')
args.add_argument("--key", required=True, help="name of the key")
args.add_argument("--redis", help="address of Redis, such as redis://operator:password@127.0.0.1:6379/0; without it the message is printed")
args = args.parse_args()
# The secret is in no argument: others on the machine could read it there.
secret = bytes.fromhex(os.environ.get("TRADING_ENGINE_COMMAND_SECRET") or sys.exit("Set TRADING_ENGINE_COMMAND_SECRET to the key's secret"))
nonce, expires = secrets.token_urlsafe(24), int(time.time()) + 5
signed = f"te-command-1\n{args.key}\n{nonce}\n{expires}\n{args.command}".encode()
message = json.dumps({"signed": args.command, "key": args.key, "nonce": nonce, "expires": expires,
                      "signature": hmac.new(secret, signed, hashlib.sha256).hexdigest()}, ensure_ascii=False)
if args.redis:
    import redis
    redis.Redis.from_url(args.redis).lpush("trading_commands", message)
else:
    print(message)
