"""Where orders are executed: a paper venue, and the REST API of a spot exchange. A venue knows an order by the id its client gave it."""
import hashlib, hmac, json, os, time, urllib.error, urllib.parse, urllib.request
from dataclasses import dataclass, field
from decimal import Decimal  # lots and money are counted exactly


class Refused(Exception):
    """No: by the venue, with its code, or here, before it was asked."""

    def __init__(self, reason, code=None):
        super().__init__(reason)
        self.code = code


class Ambiguous(Exception):
    """No answer, or none that says what became of it: it may have been executed. Ask before anything is sent again."""


@dataclass
class Outcome:
    """How an order stands at the venue; fills are (id, lots, price, commission, currency), oldest first."""
    status: str  # accepted, partially_filled, filled, cancelled, rejected, expired
    fills: list = field(default_factory=list)
    reason: str = ""

    @property
    def is_over(self):
        return self.status not in ("accepted", "partially_filled")


class PaperVenue:
    """Fills at the price of the decision, whole and at once; its book is in Redis, as a venue's outlives its clients."""

    BOOK = "venue:paper:orders"

    def __init__(self, db):
        self.db = db

    def place(self, client_id, order):
        lots, price = Decimal(order["quantity"]), Decimal(order["price"])
        if not (lots > 0 and price > 0):
            raise Refused(f"cannot trade {lots} lots at {price}")
        self.db.hsetnx(self.BOOK, client_id, json.dumps([str(lots), str(price)]))
        return self.look_up(client_id, order)

    def look_up(self, client_id, order):
        """How an order stands; None where the venue never had it."""
        kept = self.db.hget(self.BOOK, client_id)
        if kept is None:
            return None
        lots, price = json.loads(kept)
        return Outcome("filled", [(f"{client_id}-1", Decimal(lots), Decimal(price), Decimal(0), None)])

    def cancel(self, client_id, order):
        return self.look_up(client_id, order)


class SpotVenue:
    """A spot exchange by the REST API that Binance made common. Settings: VENUE_URL, VENUE_KEY and VENUE_SECRET of the environment."""

    STATUS = {"NEW": "accepted", "PENDING_NEW": "accepted", "PARTIALLY_FILLED": "partially_filled", "FILLED": "filled",
              "CANCELED": "cancelled", "PENDING_CANCEL": "accepted", "REJECTED": "rejected", "EXPIRED": "expired", "EXPIRED_IN_MATCH": "expired"}
    NO_SUCH_ORDER, WINDOW, LIMIT = (-2011, -2013), 5000, 10

    def __init__(self, symbols):
        missing = [name for name in ("VENUE_URL", "VENUE_KEY", "VENUE_SECRET") if not os.environ.get(name)]
        if missing:
            raise SystemExit(f"--venue spot needs {', '.join(missing)} in the environment; without --venue it trades on paper")
        self.url, self.key = os.environ["VENUE_URL"].rstrip("/"), os.environ["VENUE_KEY"]
        self.secret, self.symbols = os.environ["VENUE_SECRET"].encode(), symbols

    def place(self, client_id, order):
        kind = order.get("order_type", "market")
        if kind not in ("market", "limit"):
            raise Refused(f"no {kind} orders here")
        asked = {"symbol": self.symbol_of(order), "side": order.get("side", order["action"]).upper(), "type": kind.upper(),
                 "quantity": f'{Decimal(order["quantity"]):f}', "newClientOrderId": client_id, "newOrderRespType": "RESULT"}
        if kind == "limit":
            force = order.get("time_in_force", "gtc").upper()
            asked |= {"price": f'{Decimal(order["limit_price"]):f}', "timeInForce": force if force in ("IOC", "FOK") else "GTC"}
        return self.outcome_of(self.call("POST", "order", asked), order)

    def look_up(self, client_id, order):
        try:
            return self.outcome_of(self.call("GET", "order", {"symbol": self.symbol_of(order), "origClientOrderId": client_id}), order)
        except Refused as refused:
            if refused.code in self.NO_SUCH_ORDER or refused.code is None:
                return None
            raise Ambiguous(f"asked for {client_id}: {refused}") from refused

    def cancel(self, client_id, order):
        try:
            self.call("DELETE", "order", {"symbol": self.symbol_of(order), "origClientOrderId": client_id})
        except Refused:
            pass  # over, or never there: looking says which
        return self.look_up(client_id, order)

    def symbol_of(self, order):
        if order["symbol"] not in self.symbols:
            raise Refused(f'{order["symbol"]} is not traded here; --symbols names what is')
        return self.symbols[order["symbol"]]

    def outcome_of(self, answer, order):
        traded = Decimal(answer["executedQty"])
        trades = self.call("GET", "myTrades", {"symbol": answer["symbol"], "orderId": answer["orderId"]}) if traded else []
        fills = [(f'{answer["symbol"]}-{trade["id"]}', Decimal(trade["qty"]), Decimal(trade["price"]), Decimal(trade["commission"]),
                  trade["commissionAsset"]) for trade in trades]
        if sum(fill[1] for fill in fills) != traded:
            raise Ambiguous(f'{answer["clientOrderId"]}: trades do not add up to {traded} yet')
        return Outcome(self.STATUS[answer["status"]], fills)

    def call(self, method, path, asked):
        query = urllib.parse.urlencode(asked | {"recvWindow": self.WINDOW, "timestamp": int(time.time() * 1000)})
        signature = hmac.new(self.secret, query.encode(), hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"{self.url}/api/v3/{path}?{query}&signature={signature}", method=method, headers={"X-MBX-APIKEY": self.key})
        try:
            with urllib.request.urlopen(request, timeout=self.LIMIT) as response:
                return json.load(response, parse_float=Decimal)
        except urllib.error.HTTPError as error:
            body = error.read(4096).decode("utf-8", "replace")
            if not 400 <= error.code < 500 or error.code in (403, 408, 418, 429):
                raise Ambiguous(f"{method} {path}: HTTP {error.code}") from error
            try:
                said = json.loads(body)
                raise Refused(said["msg"], said["code"]) from error
            except (ValueError, KeyError, TypeError):
                raise Ambiguous(f"{method} {path}: HTTP {error.code}") from error
        except (OSError, ValueError) as error:  # time-outs, lost connections, half an answer
            raise Ambiguous(f"{method} {path}: {error}") from error
