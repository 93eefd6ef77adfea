/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_REDACT_H
#define CD_REDACT_H

#include "disconnect/text.h"

/** What stands in a log where a secret stood. */
#define CD_REDACTED "[redacted]"

/**
 * The cheap gate, for text of printable ASCII alone.
 *
 * Returns: %FALSE for most texts that cd_redact_append() would leave as they are, and only for such
 */
gboolean cd_redact_may_matter(CdText text);

/**
 * Appends a text whose control characters are escaped already, with %CD_REDACTED in place of
 * secrets:
 *
 *  - userinfo in a URL
 *  - the value of a name that ends in `token`, `password`, `secret`, `api_key` and the like: behind
 *    `=`, in JSON, as a header, as a query parameter, as an option of a command
 *  - the rest of the line behind `Authorization:` and `Cookie:`
 *  - what follows `Bearer` and `Basic`
 *  - what gives itself away: JSON web tokens, session tokens of Coder, keys of AWS and Google,
 *    tokens of GitHub, GitLab, Slack, npm and Stripe, private keys in PEM
 *
 * Case does not matter, and an escape such as `\x1b` inside a name or a secret hides nothing. Where
 * a name is followed by a colon and a blank, as in prose, a plain word stays. The rest stays byte
 * for byte. Linear in the length; what was redacted once is not changed again, and a text of which
 * the rules hide more each time is hidden as a whole.
 */
void cd_redact_append(GString *out, CdText text);

#endif
