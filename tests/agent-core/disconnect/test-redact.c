/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/redact.h"

#include "../../support/unit-linear.h"

static CdText
redact(GString *out, CdText text)
{
  g_string_truncate(out, 0);
  cd_redact_append(out, text);
  return (CdText) { out->str, out->len };
}

typedef struct _SecretRow
{
  const gchar *name;
  const gchar *text;
  const gchar *redacted;
} SecretRow;

/* Texts as they are after escaping: a backslash is a backslash. */
/* clang-format off */
static const SecretRow secret_rows[] = {
  { "userinfo", "https://bob:hunter2@example.com/x failed",
    "https://[redacted]@example.com/x failed" },
  { "userinfo of a database", "postgres://u:p@h/db", "postgres://[redacted]@h/db" },
  { "userinfo without a password", "clone https://tkn8f3@git.example.com/r: exit 128",
    "clone https://[redacted]@git.example.com/r: exit 128" },
  { "userinfo with an at sign", "amqp://u:p@ss@mq:5672", "amqp://[redacted]@mq:5672" },
  { "userinfo with a slash, as Go complains",
    "parse \"postgres://u:p/w@db:5432/x\": invalid port \":p\" after host",
    "parse \"postgres://[redacted]@db:5432/x\": invalid port \":p\" after host" },
  { "userinfo percent-encoded", "redirect=https%3A%2F%2Fuser%3Apass%40host%2Fpath: 400",
    "redirect=https%3A%2F%2F[redacted]%40host%2Fpath: 400" },
  { "userinfo percent-encoded in small letters", "to=ssh%3a%2f%2fu%3ap%40h",
    "to=ssh%3a%2f%2f[redacted]%40h" },
  { "slog pair", "exec failed  token=abc  code=1", "exec failed  token=[redacted]  code=1" },
  { "query", "?coder_session_token=abc&x=1", "?coder_session_token=[redacted]&x=1" },
  { "query without a value behind it", "GET /x?a=1&token=abc&x", "GET /x?a=1&token=[redacted]&x" },
  { "query in a quoted URL", "Get \"https://h/x?coder_session_token=abc\": EOF",
    "Get \"https://h/x?coder_session_token=[redacted]\": EOF" },
  { "query percent-encoded", "next=%2Fcb%3Ftoken%3Dabc%26x%3D1 400",
    "next=%2Fcb%3Ftoken%3D[redacted] 400" },
  { "ampersand percent-encoded in a value", "?token=ab%26cd&x=1", "?token=[redacted]&x=1" },
  { "environment", "CODER_AGENT_TOKEN=86f77f53-c5e8-42ab-a09b-882cb8fb980b start",
    "CODER_AGENT_TOKEN=[redacted] start" },
  { "environment as YAML", "CODER_AGENT_TOKEN: lettersonly", "CODER_AGENT_TOKEN: [redacted]" },
  { "environment with blanks", "PASSWORD = hunter in .env", "PASSWORD = [redacted] in .env" },
  { "session token's header", "Coder-Session-Token: lettersonly",
    "Coder-Session-Token: [redacted]" },
  { "session token's header in small letters", "coder-session-token: abc123def",
    "coder-session-token: [redacted]" },
  { "key's header", "X-Api-Key: qwertz", "X-Api-Key: [redacted]" },
  { "JSON", "{\"token\":\"abc\",\"user\":\"bob\"}", "{\"token\":\"[redacted]\",\"user\":\"bob\"}" },
  { "JSON with blanks", "{\"secret\" : \"a b\"}", "{\"secret\" : \"[redacted]\"}" },
  { "JSON with a quote inside", "{\"token\": \"ab\\\"cd\", \"user\":\"bob\"}",
    "{\"token\": \"[redacted]\", \"user\":\"bob\"}" },
  { "JSON with a backslash at the end", "{\"token\":\"ab\\\\\",\"user\":\"bob\"}",
    "{\"token\":\"[redacted]\",\"user\":\"bob\"}" },
  { "JSON inside JSON", "{\\\"token\\\":\\\"ab\\\\\\\"cd\\\",\\\"user\\\":1}",
    "{\\\"token\\\":\\\"[redacted]\\\",\\\"user\\\":1}" },
  { "JSON inside JSON with a backslash at the end",
    "{\\\"token\\\":\\\"ab\\\\\\\\\\\",\\\"user\\\":1}",
    "{\\\"token\\\":\\\"[redacted]\\\",\\\"user\\\":1}" },
  { "JSON list", "{\"tokens\":2,\"token\":[\"abc\",\"def\"],\"x\":1}",
    "{\"tokens\":2,\"token\":[redacted],\"x\":1}" },
  { "JSON percent-encoded", "b=%22token%22%3A%22abc%22 x", "b=%22token%22%3A[redacted] x" },
  { "JSON with a number", "{\"password\":12345}", "{\"password\":[redacted]}" },
  { "quotation without an end", "password=\"open end of it", "password=\"[redacted]" },
  { "name that only a quoted value proves", "the token\":\"abc\" is",
    "the token\":\"[redacted]\" is" },
  { "words as a password", "password='correct horse' rejected", "password='[redacted]' rejected" },
  { "escaped equals sign", "secret\\u003dabc\\u0026x=1", "secret\\u003d[redacted]\\u0026x=1" },
  { "option", "coder login --token abc https://x", "coder login --token [redacted] https://x" },
  { "option with an equals sign", "coder login --token=abc https://x",
    "coder login --token=[redacted] https://x" },
  { "option with a quotation", "login --password \"two words\" failed",
    "login --password \"[redacted]\" failed" },
  { "option with one hyphen", "login -token abc failed", "login -token [redacted] failed" },
  { "option of several words", "run --db-password abc: exit 1",
    "run --db-password [redacted]: exit 1" },
  { "Authorization", "Authorization: Bearer abcdef", "Authorization: [redacted]" },
  { "Authorization of one word", "Authorization: letters", "Authorization: [redacted]" },
  { "Authorization, small", "authorization: basic abc", "authorization: [redacted]" },
  { "Authorization, large", "AUTHORIZATION: letters", "AUTHORIZATION: [redacted]" },
  { "Proxy-Authorization", "Proxy-Authorization: Basic abc", "Proxy-Authorization: [redacted]" },
  { "Authorization with parameters", "Authorization: Digest username=\"bob\", response=\"123\"",
    "Authorization: [redacted]" },
  { "Authorization to the end of its line", "Authorization: Bearer abc\\r\\nHost: x",
    "Authorization: [redacted]\\r\\nHost: x" },
  { "Authorization over two lines", "Authorization: Bearer\\r\\n abc\\nHost: x",
    "Authorization: [redacted]\\nHost: x" },
  { "Authorization over two lines with more", "Authorization: Bearer\\r\\GINPRIVATE KEY x",
    "Authorization: [redacted]" },
  { "Authorization behind a tab", "Authorization: Bearer\\tabc", "Authorization: [redacted]" },
  { "Authorization in quotes", "curl -H 'Authorization: Bearer abc' https://x: 7",
    "curl -H 'Authorization: [redacted]' https://x: 7" },
  { "Authorization in a map of Go", "map[Authorization:[Bearer abc] Host:[x]]",
    "map[Authorization:[redacted] Host:[x]]" },
  { "Authorization in JSON", "{\"Authorization\":[\"Bearer abc\"],\"Host\":[\"x\"]}",
    "{\"Authorization\":[redacted],\"Host\":[\"x\"]}" },
  { "Cookie", "Cookie: a=b; c=d", "Cookie: [redacted]" },
  { "cookie, small", "request with cookie: sid=letters", "request with cookie: [redacted]" },
  { "Set-Cookie", "Set-Cookie: sid=letters; Path=/", "Set-Cookie: [redacted]" },
  { "Bearer", "rejected Bearer abcDefgh.", "rejected Bearer [redacted]." },
  { "bearer, small", "bearer abcdefg1", "bearer [redacted]" },
  { "Bearer percent-encoded", "auth=Bearer%20abcdefg1 400", "auth=Bearer%20[redacted] 400" },
  { "Basic", "Basic dXNlcjpwYXNz rejected", "Basic [redacted] rejected" },
  { "JSON web token", "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl, expired",
    "got [redacted], expired" },
  { "JSON web token behind an escape", "got\\neyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "got\\n[redacted]" },
  { "session token of Coder", "key AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv is expired",
    "key [redacted] is expired" },
  { "session token of Coder behind letters", "keyAbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv",
    "key[redacted]" },
  { "key of AWS", "key AKIAIOSFODNN7EXAMPLE is disabled", "key [redacted] is disabled" },
  { "key of AWS by its name", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxR",
    "aws_secret_access_key = [redacted]" },
  { "token of GitHub", "ghp_0123456789abcdefghijABCDEFGHIJ456789 revoked", "[redacted] revoked" },
  { "token of a GitHub server", "x ghs_0123456789abcdefghijABCDEFGHIJ456789", "x [redacted]" },
  { "token of GitHub with parts", "github_pat_11ABCDEFG0123456789_abcdefghijklmnop.",
    "[redacted]." },
  { "token of Slack", "xoxb-1234567890-abcdefGHIJKL", "[redacted]" },
  { "token of a person at Slack", "post: xoxp-1234567890-abcdefGHIJKL: 403",
    "post: [redacted]: 403" },
  { "private key",
    "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Blbn\\n-----END OPENSSH PRIVATE KEY-----\\nafter",
    "[redacted]\\nafter" },
  { "private key without an end", "bad -----BEGIN PRIVATE KEY-----\\nMIIEow and so on",
    "bad [redacted]" },
  { "private key behind its name", "private_key=-----BEGIN RSA PRIVATE KEY-----\\nMIIEow",
    "private_key=[redacted]" },
  { "private key behind a letter", "password=x-----BEGIN RSA PRIVATE KEY-----\\nMIIEow",
    "password=[redacted]" },
  { "prose with what is no word", "password: hunter2", "password: [redacted]" },
  { "prose in capitals", "Password: hunter2, again", "Password: [redacted], again" },
  { "prose with a quotation", "invalid token: \"abc\"", "invalid token: \"[redacted]\"" },
  { "camel case", "accessToken: letters", "accessToken: [redacted]" },
  { "password of a database", "db_password: letters", "db_password: [redacted]" },
  { "passphrase", "passphrase=abc", "passphrase=[redacted]" },
  { "pwd", "Server=db;Pwd=abc;Timeout=1", "Server=db;Pwd=[redacted];Timeout=1" },
  { "form", "user[password]=abc", "user[password]=[redacted]" },
  { "XML", "<password>abc</password> refused", "<password>[redacted] refused" },
  { "struct of Go", "{User:bob Token:abc Port:1}", "{User:bob Token:[redacted] Port:1}" },
  { "comma inside of a value", "password=p@ss,word next", "password=[redacted] next" },
  { "comma behind a value", "{token:abc,user:bob}", "{token:[redacted],user:bob}" },
  { "bracket inside of a value", "password=abc)def next", "password=[redacted] next" },
  { "brackets around it", "(token=abc): EOF", "(token=[redacted]): EOF" },
  { "escape inside of a name", "to\\x1b[31mken=abc", "to\\x1b[31mken=[redacted]" },
  { "invisible character inside of a name", "pass\\u200bword=abc", "pass\\u200bword=[redacted]" },
  { "escape inside of a value", "token=ab\\x1b[0mcd\\x00ef", "token=[redacted]" },
  { "line break inside of a value", "token=ab\\ncd", "token=[redacted]" },
  { "escape inside of a JSON web token",
    "eyJhbGciOiJIUzI1N\\u200biJ9.eyJzdWIiO\\x1b[1miIxIn0.c2ln x",
    "[redacted] x" },
  { "escape inside of a session token", "AbCdE\\U000e0041fGhIj-AbCdEfGhIjK\\x07lMnOpQrStUv x",
    "[redacted] x" },
  { "escape inside of a private key's mark", "-----BEGIN\\u00ad RSA PRIVATE KEY-----\\nMII",
    "[redacted]" },
  { "escape between scheme and host", "https:\\u200b//u:p@h", "https:\\u200b//[redacted]@h" },
  { "several", "token=a password=b https://u:p@h secret=c",
    "token=[redacted] password=[redacted] https://[redacted]@h secret=[redacted]" },
  { "backslash before a name", "C:\\token=abc", "C:\\token=[redacted]" },
  { "key of SSH", "ssh-key=S3 x", "ssh-key=[redacted] x" },
  { "key that signs", "{\"signing_key\":\"S3\"}", "{\"signing_key\":\"[redacted]\"}" },
  { "several tokens of signs and a URL", "tokens>://;@", "tokens>[redacted]" },
  { "several tokens", "tokens=S3 x", "tokens=[redacted] x" },
  { "several secrets in JSON",
    "{\"secrets\":[\"a\",\"b\"],\"x\":1}",
    "{\"secrets\":[redacted],\"x\":1}" },
  { "pass", "user=bob pass=S3 x", "user=bob pass=[redacted] x" },
  { "pass behind another word",
    "db_pass=letters dbPass=S3",
    "db_pass=[redacted] dbPass=[redacted]" },
  { "passcode", "passcode=123456", "passcode=[redacted]" },
  { "jwt", "?jwt=S3&x=1", "?jwt=[redacted]&x=1" },
  { "signature", "?signature=S3&x=1", "?signature=[redacted]&x=1" },
  { "signature of AWS", "GET /b?X-Amz-Signature=S3&x=1", "GET /b?X-Amz-Signature=[redacted]&x=1" },
  { "Bearer with a colon", "Bearer:abcdefg1 x", "Bearer:[redacted] x" },
  { "Bearer with a colon and a blank", "Bearer: abcdefg1 x", "Bearer: [redacted] x" },
  { "Bearer with an equals sign", "Bearer=abcdefg1 x", "Bearer=[redacted] x" },
  { "Bearer with a sign percent-encoded", "Bearer%3Dabcdefg1 x", "Bearer%3D[redacted] x" },
  { "Bearer in JSON", "{\"Bearer\":\"abcdefg1\"}", "{\"Bearer\":\"[redacted]\"}" },
  { "Authorization with its value in the next line",
    "Authorization: Bearer\\nabcdefg1\\nHost: x",
    "Authorization: [redacted]\\nHost: x" },
  { "Authorization without a value",
    "Authorization: Bearer\\nX-Forwarded-For: 10.0.0.1",
    "Authorization: [redacted]\\nX-Forwarded-For: 10.0.0.1" },
  { "arguments in JSON", "[\"--token\",\"S3\"]", "[\"--token\",\"[redacted]\"]" },
  { "arguments of Go",
    "[\"coder\" \"agent\" \"--token\" \"S3\"]",
    "[\"coder\" \"agent\" \"--token\" \"[redacted]\"]" },
  { "arguments of Python", "['--token', 'S3']", "['--token', '[redacted]']" },
  { "arguments in JSON inside JSON",
    "[\\\"--token\\\",\\\"S3\\\"]",
    "[\\\"--token\\\",\\\"[redacted]\\\"]" },
  { "option with an escaped blank",
    "coder login --token\\ S3 x",
    "coder login --token\\ [redacted] x" },
  { "userinfo with slashes of JSON", "postgres:\\/\\/u:S3@h", "postgres:\\/\\/[redacted]@h" },
  { "userinfo with a quote", "postgres://user:a\"S3@db x", "postgres://[redacted]@db x" },
  { "userinfo with a sign percent-encoded",
    "postgres://user:S3%40db x",
    "postgres://[redacted]%40db x" },
  { "userinfo percent-encoded twice",
    "to=x%253A%252F%252Fu%253AS3%2540h",
    "to=x%253A%252F%252F[redacted]%2540h" },
  { "braces of ODBC", "Server=db;Pwd={a S3;}}x};Timeout=1", "Server=db;Pwd=[redacted];Timeout=1" },
  { "brackets with blanks", "password=(a S3) x", "password=[redacted] x" },
  { "doubled quote", "password='a''S3' x", "password='[redacted]' x" },
  { "doubled quote behind a blank", "password=\"a \"\"S3\" x", "password=\"[redacted]\" x" },
  { "escaped blank", "password=a\\ S3 x", "password=[redacted] x" },
  { "JSON object with a value",
    "{\"token\":{\"value\":\"S3\"}}",
    "{\"token\":{\"value\":\"[redacted]\"}}" },
  { "member of a list", "token[0]=S3 x", "token[0]=[redacted] x" },
  { "JSON web token with encoded dots",
    "?x=eyJhbGciOiJIUzI1NiJ9%2EeyJzdWIiOiIxIn0%2ec2lnbmF0dXJl&y=1",
    "?x=[redacted]&y=1" },
  { "session token with an encoded hyphen",
    "key AbCdEfGhIj%2DAbCdEfGhIjKlMnOpQrStUv is",
    "key [redacted] is" },
  { "redacted by the sender in part", "password=[redacted]S3 x", "password=[redacted] x" },
  { "redacted by the sender in part of a quotation",
    "{\"password\":\"[redacted]S3\"}",
    "{\"password\":\"[redacted]\"}" },
  { "redacted by the sender in part of an option",
    "login --token [redacted]S3 x",
    "login --token [redacted] x" },
  { "redacted by the sender in part of a header",
    "Authorization: [redacted] S3",
    "Authorization: [redacted]" },
  { "passing key of AWS", "key ASIAIOSFODNN7EXAMPLE x", "key [redacted] x" },
  { "token of a Slack app", "xapp-1-A0123-abcdefGHIJKL", "[redacted]" },
  { "token of GitLab", "x glpat-AbCdEfGhIjKlMnOpQrSt.", "x [redacted]." },
  { "token of npm", "npm_0123456789abcdefghijABCDEFGHIJ456789 x", "[redacted] x" },
  { "key of Stripe", "sk_live_0123456789abcdefABCDEF x", "[redacted] x" },
  { "key of Google", "AIzaSyA0123456789-bcdefghijABCDEFGH_5678 x", "[redacted] x" },
};

static const gchar *const harmless[] = {
  "token expired",
  "basic auth failed",
  "bearer of bad news",
  "invalid session token",
  "password: prompt",
  "secret not found",
  "token: 401 Unauthorized",
  "invalid token: unexpected EOF",
  "Basic authentication failed",
  "Bearer authentication required",
  "Post \"https://auth.example.com/oauth/token\": dial tcp 10.0.0.1:443: connect: "
  "connection refused",
  "fetch token: 10.0.0.1:443 refused",
  "https://coder.example.com/@alice/dev/apps/code: EOF",
  "read tcp 10.0.0.1:22->10.0.0.2:51514: connection reset by peer",
  "GET https://coder.example.com/api/v2/workspaceagents/me/rpc?version=2.9&role=agent: unexpected "
  "status code 401: Workspace agent not authorized.: Try logging in using 'coder login'.",
  "the flag --token is required",
  "flag needs an argument: --token",
  "token=<nil>",
  "has_token=true",
  "password=\"\"",
  "no cookie: redirecting to login",
  "check authorization: forbidden",
  "secret \"default/foo\" not found",
  "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none "
  "password], no supported methods remain",
  "public key AAAAC3NzaC1lZDI1NTE5 rejected",
  "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----",
  "session 4d7a5756-1dc1-4e4b-a50d-661a79e1e12f closed",
  "nodekey:abcdef0123456789",
  "oauth2: cannot fetch token: 400 Bad Request",
  "oauth2: cannot refresh access_token: EOF",
  "validate token: x509: certificate has expired",
  "user@example.com logged out",
  "mailto:bob@example.com",
  "tokens=5",
  "token_type=bearer",
  "secret_name=foo",
  "if token == nil here",
  "keepalive timeout",
  "key exchange failed",
  "exited with code 1",
  "write tcp [fd7a::1]:22->[fd7a::2]:1: write: broken pipe",
  "dial tcp: lookup x on 10.0.0.53:53: no such host",
  "context deadline exceeded",
  "session shutdown",
  "signal: killed",
  "token: '[redacted]'",
  "(its token=[redacted]):",
  "https://[redacted]@example.com/",
  "the Bearer [redacted] again",
  "basic-auth is off",
  "Basic HTTP",
  "a secret: not found",
  "password authentication is disabled",
  "no token, no password, no secret",
  "git@github.com: permission denied",
  "fe80::1%eth0 is gone",
  "key=value",
  "AKIA is short",
  "eyJ is short",
  "ghp_ is short",
  "monkeyJumpedOverTheLazyDogs",
  "connection-4d7a57561dc14e4ba50d661a79e1e12f0000",
  "deployment-abcdefghij-abcde",
  "https://h/p?a=b@c",
  "authorization denied",
  "unauthorized: token: <nil>",
  "{\"token\":{\"id\":1}}",
  "{\"token\":null}",
  "-----BEGIN PUBLIC KEY-----\\nMIIB",
  "bypass=true",
  "compass=north and encompass: all",
  "ssh: no key found",
  "{\"key\":\"sshd\"}",
  "kex_exchange_identification: Connection closed by remote host",
  "Signature: bad",
  "signature verification failed: x509: ECDSA verification failure",
  "second pass: 123456 files",
  "max_tokens=1000",
  "rate: tokens=4.5, burst=10",
  "{\"tokens\":12}",
  "the token (expired) was refused",
  "ssh: rejected: administratively prohibited (open failed)",
  "parse \"http://h:port/x\": invalid port \":port\" after host",
  "Get \"https://h:8080\": EOF (user@example.com)",
  "https://registry.npmjs.org/%40scope/pkg: 404",
  "unknown flags \"--token\" \"--url\" given",
  "unknown flag \"--token\", see \"--help\"",
  "Bearer: required",
  "bearer=none",
  "password=[redacted], user=bob",
  "password: \"[redacted]\" (redacted)",
  "public_key=ssh-ed25519",
  "npm_config_cache=/root",
  "sk_live_ is short",
  "glpat- is short",
  "xapp- is short",
  "AIza is short",
  "ASIA is short",
  "http2: server sent GOAWAY and closed the connection; LastStreamID=1, "
  "ErrCode=NO_ERROR, debug=\"\"",
  "net/http: TLS handshake timeout",
  "ssh: disconnect, reason 11: Bye Bye",
  "{\"token\":{\"value\":null}}",
  "jwt: expired",
  "error: jwt: malformed12",
  "host key for 10.0.0.1 has changed",
  "token[redacted] x",
};
/* clang-format on */

static void
test_secret(gconstpointer data)
{
  const SecretRow *row = data;
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(redact(out, cd_text_from_string(row->text)), cd_text_from_string(row->redacted));
}

static void
test_harmless(gconstpointer text)
{
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(redact(out, cd_text_from_string(text)), cd_text_from_string(text));
}

/* The gate may say yes too often, but never no too often, wherever the secret stands. */
static void
test_gate_lets_no_secret_pass(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(secret_rows); i++)
    for (gsize before = 0; before < 40; before++)
      for (gsize behind = 0; behind < 24; behind += 5)
        {
          g_autoptr(GString) text = g_string_new(NULL);

          for (gsize n = 0; n < before; n++)
            g_string_append_c(text, n + 1 < before ? 'x' : ' ');
          g_string_append(text, secret_rows[i].text);
          for (gsize n = 0; n < behind; n++)
            g_string_append_c(text, n ? 'x' : ' ');
          if (!cd_redact_may_matter((CdText) { text->str, text->len }))
            g_error("not seen behind %" G_GSIZE_FORMAT " bytes: %s", before, text->str);
        }
}

/* What is said of most ends goes the cheap way. */
static void
test_gate_is_shut_for_ordinary_texts(void)
{
  static const gchar *const ordinary[] = {
    "",
    "EOF",
    "exited with code 1",
    "unexpected EOF",
    "keepalive timeout",
    "context canceled",
    "context deadline exceeded",
    "signal: killed",
    "process exited with error status: 137",
    "reconnecting pty closed before connection",
    "read tcp 10.0.0.1:22->10.0.0.2:51514: connection reset by peer",
    "write tcp [fd7a:115c::1]:22->[fd7a:115c::2]:40984: write: broken pipe",
    "dial tcp: lookup coder.example.com on 10.0.0.53:53: no such host",
    "dial tcp 10.20.0.1:443: connect: no route to host",
    "4d7a5756-1dc1-4e4b-a50d-661a79e1e12f timed out",
    "failed to get reader: received close frame: status = StatusGoingAway and reason = \"\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(ordinary); i++)
    if (cd_redact_may_matter(cd_text_from_string(ordinary[i])))
      g_error("looked into: %s", ordinary[i]);
}

static void
test_appends(void)
{
  g_autoptr(GString) out = g_string_new("token=");

  cd_redact_append(out, CD_TEXT("a b"));
  g_assert_cmpstr(out->str, ==, "token=a b");
}

static void
assert_stable(CdText text)
{
  g_autoptr(GString) once = g_string_new(NULL);
  g_autoptr(GString) twice = g_string_new(NULL);

  redact(once, text);
  unit_assert_text(redact(twice, (CdText) { once->str, once->len }),
                   ((CdText) { once->str, once->len }));
}

/* Every relay redacts once more. */
static void
test_second_time_changes_nothing(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(secret_rows); i++)
    assert_stable(cd_text_from_string(secret_rows[i].text));
}

/* What is hidden makes the word that holds it longer: past what is looked at of a word, too. */
static void
test_second_time_changes_no_long_word(void)
{
  for (gsize length = 200; length < 300; length++)
    {
      g_autofree gchar *word = g_strnfill(length, 'x');
      g_autofree gchar *text = g_strconcat("token: ", word, "/token:en: next", NULL);

      assert_stable(cd_text_from_string(text));
    }
}

static void
test_secrets_in_a_row_are_one_behind_a_nul(void)
{
  g_autoptr(GString) out = g_string_new(NULL);

  unit_assert_text(redact(out, CD_TEXT("\0-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY-----"
                                       "-----BEGIN PRIVATE KEY-----b-----END PRIVATE KEY-----")),
                   CD_TEXT("\0[redacted]"));
}

/* Whatever stands in front, and be it half of another rule. */
static void
test_secret_behind_anything(void)
{
  static const gchar *const front[] = {
    "token: ",  "Bearer ",         "--password=x ", "https://",   "eyJ ",
    "cookie ",  "-----BEGIN ",     "\\x1b[1m",      "\\",         "%3A%2F%2F",
    "xoxb- ",   "basic auth ",     "token=, ",      "secret='' ", "password: prompt ",
    "\xc3\xa4", "\\u200b\\u200b ", "[redacted]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(front); i++)
    {
      g_autofree gchar *text = g_strconcat(front[i], "api_token=S3cr3t", NULL);
      g_autoptr(GString) out = g_string_new(NULL);

      redact(out, cd_text_from_string(text));
      if (strstr(out->str, "S3cr3t"))
        g_error("%s became %s", text, out->str);
    }
}

/* clang-format off */
static const UnitLinearRow linear_rows[] = {
  { "nothing", "", "abc ", "" },
  { "names", "", "token", "" },
  { "names with a sign", "", "token=", "" },
  { "names with a colon and a blank", "", "token: ", "" },
  { "names with an escaped blank", "", "token:\\n", "=" },
  { "options", "", "--token ", "" },
  { "names with quotes", "", "\"token\":\"", "" },
  { "empty quotations", "", "token=\"\"", "" },
  { "backslashes", "token=\"", "\\", "\"" },
  { "names and backslashes", "", "token\\\\\\\\", "" },
  { "lists", "", "token=[", "" },
  { "closed lists", "", "token=[]\\n", "" },
  { "redacted lists", "", "token=[redacted]\\n", "" },
  { "braces", "", "token={", "" },
  { "doubled braces", "token={", "}}", "" },
  { "round brackets", "", "token=(", "" },
  { "doubled quotes", "token='a", "''", "" },
  { "quotations in a row", "", "token='a'", "" },
  { "escaped blanks", "token=", "\\ ", "" },
  { "objects", "", "\"token\":{\"value\":", "" },
  { "indexes", "", "token[0", "" },
  { "arguments", "", "\"--token\",", "" },
  { "headers over lines", "", "cookie: Bearer\\n", "" },
  { "schemes with a sign", "", "Bearer:\"", "" },
  { "redacted in part", "", "token=[redacted]x", "" },
  { "redacted and quoted", "", "token='[redacted]", "" },
  { "redacted prose", "", "token: [redacted]x", "" },
  { "redacted headers", "", "cookie: [redacted]", "" },
  { "URLs with quotes", "", "://u:p'x", "" },
  { "URLs of JSON", "", ":\\/\\/u:p", "" },
  { "twice encoded URLs", "", "%253A%252F%252F", "" },
  { "encoded web tokens", "", "eyJ%2E", "" },
  { "commas", "token=", ",a", "" },
  { "parameters", "token=", ",token:", "" },
  { "punctuation", "", "token=]]]] ", "" },
  { "brackets", "token=", "]", "" },
  { "headers", "", "cookie: ", "" },
  { "lines", "Cookie: ", "\\r\\n ", "" },
  { "schemes", "", "Bearer ", "" },
  { "URLs", "", "://", "" },
  { "URLs with a name", "", "://u:p", "" },
  { "signs of URLs", "://", "@", "" },
  { "encoded URLs", "", "%3A%2F%2F", "" },
  { "encoded signs", "%3A%2F%2F", "%40", "" },
  { "web tokens", "", "eyJ", "" },
  { "short web tokens", "", "eyJ.", "" },
  { "hyphens", "", "-", "" },
  { "private keys", "", "-----BEGIN PRIVATE KEY-----", "" },
  { "no private keys", "", "-----BEGIN ", "" },
  { "session tokens", "", "AbCdEfGhIj-", "" },
  { "escapes", "", "\\x1b[0;", "" },
  { "escaped characters", "", "\\u200b", "" },
};
/* clang-format on */

static void
redact_all(CdText text)
{
  g_autoptr(GString) out = g_string_new(NULL);

  cd_redact_may_matter(text);
  cd_redact_append(out, text);
}

static void
test_is_linear(gconstpointer row)
{
  unit_assert_linear(row, redact_all);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/redact/secret", secret_rows, test_secret);
  for (gsize i = 0; i < G_N_ELEMENTS(harmless); i++)
    unit_add_row("/redact/harmless", harmless[i], harmless[i], test_harmless);
  g_test_add_func("/redact/gate-lets-no-secret-pass", test_gate_lets_no_secret_pass);
  g_test_add_func("/redact/gate-is-shut-for-ordinary-texts", test_gate_is_shut_for_ordinary_texts);
  g_test_add_func("/redact/appends", test_appends);
  g_test_add_func("/redact/second-time-changes-nothing", test_second_time_changes_nothing);
  g_test_add_func("/redact/second-time-changes-no-long-word",
                  test_second_time_changes_no_long_word);
  g_test_add_func("/redact/secrets-in-a-row-are-one-behind-a-nul",
                  test_secrets_in_a_row_are_one_behind_a_nul);
  g_test_add_func("/redact/secret-behind-anything", test_secret_behind_anything);
  unit_add_rows("/redact/linear", linear_rows, test_is_linear);
  return g_test_run();
}
