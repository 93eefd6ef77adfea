/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of cd_redact_append(), one function each. */
#ifndef CD_SECRET_H
#define CD_SECRET_H

#include "disconnect/text.h"

/**
 * CdSecret:
 * @keep: bytes that stay, a name and its sign
 * @hide: bytes that go, at least one
 *
 * What a rule found at a place of a text.
 */
typedef struct _CdSecret
{
  gsize keep;
  gsize hide;
} CdSecret;

/** The userinfo of a URL, from its `://` on; also where both are percent-encoded. */
gboolean cd_secret_find_userinfo(CdText text, gsize at, CdSecret *secret);

/** The value behind a telling name: `token=VALUE`, `"password":"VALUE"`, `--secret VALUE`. */
gboolean cd_secret_find_named(CdText text, gsize at, CdSecret *secret);

/** What follows `Bearer` or `Basic`, unless it is a word. */
gboolean cd_secret_find_credentials(CdText text, gsize at, CdSecret *secret);

/** A text that gives itself away: a JSON web token, AKIA..., ghp_..., xoxb-..., a private key. */
gboolean cd_secret_find_marked(CdText text, gsize at, CdSecret *secret);

/** Coder's session token: 10 letters and digits, a hyphen, 22 more. */
gboolean cd_secret_find_session_token(CdText text, gsize at, CdSecret *secret);

/** Bytes of a private key in PEM that begins here, 0 for anything else. */
gsize cd_secret_span_private_key(CdText text);

/** Whether no name reaches over this place from the left. */
gboolean cd_secret_is_boundary(CdText text, gsize at);

#endif
