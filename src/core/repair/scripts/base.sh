# shellcheck shell=sh
# What every script stands on: a fixed language, a full PATH, and texts as JSON. No script trusts a name to be plain.
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin
export LC_ALL PATH
umask 077
set -fu

# quoted TEXT, into quoted: as a JSON string; bytes beyond plain ASCII become \u00XX, which the reader turns into UTF-8 again.
quoted() {
  # shellcheck disable=SC2046 # a number a byte
  case $1 in
    *[!A-Za-z0-9/._@:+=,%~\ -]*) quoted=\"$(unset IFS && printf '\\u%04x' $(printf %s "$1" | od -An -v -tu1))\" ;;
    *) quoted=\"$1\" ;;
  esac
}
json() { quoted "$1" && printf %s "$quoted"; }

# key_lines FILE TYPE BLOB LINE: each live line that holds the key, as "NUMBER same|open|other": our line, without
# options, with other ones. Reads a line as sshd does (auth2-pubkeyfile.c): a key, else options and then a key.
key_lines() {
  key_type=$2 key_blob=$3 key_line=$4 awk '
    function skip_options(text,   i, c, quoted) {
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (!quoted && (c == " " || c == "\t")) break
        if (c == "\\" && substr(text, i + 1, 1) == "\"") i++
        else if (c == "\"") quoted = !quoted
      }
      return substr(text, i)
    }
    function is_key(text,   words) {
      sub(/^[ \t]+/, "", text)
      return split(text, words, /[ \t]+/) >= 2 && words[1] == ENVIRON["key_type"] && words[2] == ENVIRON["key_blob"]
    }
    {
      text = $0
      sub(/\r$/, "", text)
      if (text == ENVIRON["key_line"]) { print NR, "same"; next }
      sub(/^[ \t]+/, "", text)
      if (text == "" || substr(text, 1, 1) == "#") next
      if (is_key(text)) print NR, "open"
      else if (is_key(skip_options(text))) print NR, "other"
    }' <"$1"
}
