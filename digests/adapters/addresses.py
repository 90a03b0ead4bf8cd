"""Which addresses a feed may be fetched from: public ones over http and https, unless the operator named others."""

import errno
import ipaddress
import os
import socket
from typing import Any

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # how an IPv6-only network reaches IPv4: judged by what it carries
# Beyond what Python calls not global, or does so only in later versions: carriers of IPv4 (compatible, 6to4, its relays,
# Teredo, local NAT64), and documentation and segment routing.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96", "2002::/16", "192.88.99.0/24", "2001::/23", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "fec0::/10"
    )
)  # fmt: skip
_STANDARD_PORTS = frozenset({80, 443})

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


class PrivateAddress(OSError):
    """A connection was refused before it was opened: its address is not one of the public internet."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, os.strerror(errno.EACCES))


def is_public(address: str) -> bool:
    """Whether an IP address, without brackets, is an ordinary one of the public internet.

    Private, loopback, link-local, multicast and reserved ones are not, nor IPv6 ones that carry an IPv4 address, but
    for NAT64 with a public one. Raises ValueError where it is no address.
    """
    number = ipaddress.ip_address(address.partition("%")[0])
    if number in _NAT64:
        number = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    if number.is_multicast or number.is_reserved or any(number in network for network in _REFUSED):
        return False
    return number.is_global and getattr(number, "ipv4_mapped", None) is None


def is_private_name(host: str) -> bool:
    """Whether a host of a URL is surely this machine or a private network, without asking anybody."""
    try:
        return not is_public(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host


def trouble(scheme: str, host: str | None, port: int | None, *, any_port: bool) -> str | None:
    """What is wrong with an address, as the end of a sentence; None where it may be asked."""
    if scheme not in {"http", "https"}:
        return "only http and https are read"
    if not host:
        return "it names no host"
    if not any_port and port not in _STANDARD_PORTS:
        return "only the ports 80 and 443 are read"
    return None


def public_socket(info: AddressInfo) -> socket.socket:
    """A socket for a connection to a public address. Raises PrivateAddress for any other.

    Asked for every connection with the address that is about to be connected to, so that no name, redirect or change
    of DNS gets round it.
    """
    family, kind, protocol, _, target = info
    if not is_public(str(target[0])):
        raise PrivateAddress
    return socket.socket(family, kind, protocol)
