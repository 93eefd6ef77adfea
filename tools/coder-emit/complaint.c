/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "complaint.h"

#include "disconnect/detail.h"
#include "disconnect/redact.h"

#include <stdio.h>

#define SCHEME "[A-Za-z][A-Za-z0-9+.-]*:(?!/[^/])"

/* In quotes a blank ends nothing. What follows a single slash is a path. */
#define USERINFO "(?:(?<=\")(" SCHEME ")[^\"]*|\\b(" SCHEME ")[^\\s\"]*)@"

/* Our URIs have no slashes, by which the userinfo of a URL is known. */
static gchar *
_hide_userinfo(const gchar *text)
{
  g_autoptr(GRegex) userinfo = g_regex_new(USERINFO, G_REGEX_RAW, 0, NULL);
  gchar *hidden = g_regex_replace(userinfo, text, -1, 0, "\\1\\2" CD_REDACTED "@",
                                  G_REGEX_MATCH_DEFAULT, NULL);

  return hidden ? hidden : g_strdup(CD_REDACTED);
}

void
cd_complain(const gchar *format, ...)
{
  g_autoptr(GString) clean = g_string_new(NULL);
  g_autofree gchar *message = NULL;
  g_autofree gchar *hidden = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  hidden = _hide_userinfo(message);
  cd_detail_append_words(clean, cd_text_from_string(hidden));
  fprintf(stderr, "coder-emit: %s\n", clean->str);
}
