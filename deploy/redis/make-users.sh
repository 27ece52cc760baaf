#!/bin/sh
# Makes an ACL file in which every party has a password of its own, and prints the passwords once.
# Usage: make-users.sh <users.acl to write>
# Nobody can log in with the file beside this script: all its users are off.
set -eu
[ $# = 1 ] || { echo "Usage: $0 <file to write>" >&2; exit 2; }
umask 077
here=$(dirname "$0")
temporary="$1.$$"
trap 'rm -f "$temporary"' EXIT
while read -r line; do
  name=$(printf '%s' "$line" | cut -d' ' -f2)
  case "$name" in
    default) printf '%s\n' "$line" ;;
    *)
      password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
      hash=$(printf '%s' "$password" | sha256sum | cut -d' ' -f1)
      printf '%s\n' "$line" | sed "s/ off resetpass / on resetpass #$hash /"
      printf '%s %s\n' "$name" "$password" >&3
      ;;
  esac
done < "$here/users.acl" 3>&1 > "$temporary"
mv "$temporary" "$1"
