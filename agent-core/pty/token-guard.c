/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/token-guard.h"

typedef enum
{
  STATE_BETWEEN,
  STATE_STRING,
  STATE_ESCAPE,
  STATE_MINUS,
  STATE_ZERO,
  STATE_INTEGER,
  STATE_POINT,
  STATE_FRACTION,
  STATE_E,
  STATE_E_SIGN,
  STATE_EXPONENT,
  STATE_BROKEN,
  STATE_CONTROL,
  N_STATES
} State;

typedef enum
{
  CLASS_OTHER,
  CLASS_QUOTE,
  CLASS_BACKSLASH,
  CLASS_PLUS,
  CLASS_MINUS,
  CLASS_POINT,
  CLASS_ZERO,
  CLASS_DIGIT,
  CLASS_E,
  CLASS_CONTROL,
  N_CLASSES
} Class;

#define NO STATE_BROKEN
#define BAD STATE_CONTROL

/* clang-format off */
static const guint8 next[][N_CLASSES] = {
  /* other, ", \, +, -, ., 0, 1 to 9, e, control */
  [STATE_BETWEEN] = { STATE_BETWEEN, STATE_STRING, STATE_BETWEEN, NO, STATE_MINUS, NO, STATE_ZERO,
                      STATE_INTEGER, STATE_BETWEEN, STATE_BETWEEN },
  [STATE_STRING] = { STATE_STRING, STATE_BETWEEN, STATE_ESCAPE, STATE_STRING, STATE_STRING,
                     STATE_STRING, STATE_STRING, STATE_STRING, STATE_STRING, BAD },
  [STATE_ESCAPE] = { STATE_STRING, STATE_STRING, STATE_STRING, STATE_STRING, STATE_STRING,
                     STATE_STRING, STATE_STRING, STATE_STRING, STATE_STRING, BAD },
  [STATE_MINUS] = { NO, NO, NO, NO, NO, NO, STATE_ZERO, STATE_INTEGER, NO, NO },
  [STATE_ZERO] = { STATE_BETWEEN, NO, NO, NO, NO, STATE_POINT, NO, NO, STATE_E, STATE_BETWEEN },
  [STATE_INTEGER] = { STATE_BETWEEN, NO, NO, NO, NO, STATE_POINT, STATE_INTEGER, STATE_INTEGER,
                      STATE_E, STATE_BETWEEN },
  [STATE_POINT] = { NO, NO, NO, NO, NO, NO, STATE_FRACTION, STATE_FRACTION, NO, NO },
  [STATE_FRACTION] = { STATE_BETWEEN, NO, NO, NO, NO, NO, STATE_FRACTION, STATE_FRACTION,
                       STATE_E, STATE_BETWEEN },
  [STATE_E] = { NO, NO, NO, STATE_E_SIGN, STATE_E_SIGN, NO, STATE_EXPONENT, STATE_EXPONENT, NO,
                NO },
  [STATE_E_SIGN] = { NO, NO, NO, NO, NO, NO, STATE_EXPONENT, STATE_EXPONENT, NO, NO },
  [STATE_EXPONENT] = { STATE_BETWEEN, NO, NO, NO, NO, NO, STATE_EXPONENT, STATE_EXPONENT, NO,
                       STATE_BETWEEN },
  [STATE_BROKEN] = { NO, NO, NO, NO, NO, NO, NO, NO, NO, NO },
  [STATE_CONTROL] = { BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(next) == N_STATES);

static Class
_classify(gchar c)
{
  switch (c)
    {
    case '"':
      return CLASS_QUOTE;
    case '\\':
      return CLASS_BACKSLASH;
    case '+':
      return CLASS_PLUS;
    case '-':
      return CLASS_MINUS;
    case '.':
      return CLASS_POINT;
    case '0':
      return CLASS_ZERO;
    case 'e':
    case 'E':
      return CLASS_E;
    default:
      if (g_ascii_isdigit(c))
        return CLASS_DIGIT;
      return (guchar) c < ' ' ? CLASS_CONTROL : CLASS_OTHER;
    }
}

const gchar *
cd_token_guard_look(CdTokenGuard *self, CdText text)
{
  for (gsize i = 0; i < text.length; i++)
    self->state = next[self->state][_classify(text.data[i])];
  if (self->state == STATE_CONTROL)
    return "a control character in a string";
  return self->state == STATE_BROKEN ? "not a number" : NULL;
}
