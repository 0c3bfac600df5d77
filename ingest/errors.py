"""Everything that Jupilu raises on purpose, in one tree.

    JupiluError
    ├── SourceError            a source file cannot become a record (the file's fault)
    │   ├── UnsupportedFormat      not a format we read, or a part is missing to read it
    │   └── NotARecord             readable, but no disclosure record
    ├── LibraryError           the library on disk cannot serve
    │   ├── LibraryMissing         nothing there: `jupilu ingest PATH...` makes one
    │   ├── LibraryDamaged         one of its files is broken: `jupilu doctor --repair`
    │   ├── LibraryBusy            another process is writing
    │   └── EmbeddingMismatch      made with another embedding model
    ├── RecordUnknown          no record has this id
    ├── CompanyUnknown         a company named for a view is none of the library's, or may be several
    ├── ConversationUnknown    no conversation of this user has this id
    ├── ReceiptUnknown         no receipt has this id
    ├── QuestionTooLong        a question or a company's name beyond all measure
    ├── FetchError             an exchange's site does not give what it was asked for
    │   └── SiteUnreachable        nor anything else in this run
    ├── SettingsInvalid        a setting has a value that it can't have: the message names both
    ├── ModelUnavailable       a model is missing: the message names the command that gets it
    └── ExtraMissing           an optional part is not installed: the message names it

Every message is one line: what happened, to which file or question, what to do next.
"""


class JupiluError(Exception):
    """Base of all errors that Jupilu raises on purpose; `str(error)` is one line for a person."""


class SourceError(JupiluError):
    """A source file cannot become a record. It costs that file alone."""


class UnsupportedFormat(SourceError):
    """The bytes are in no format that can be read here."""


class NotARecord(SourceError):
    """The file can be read but holds no disclosure record."""


class LibraryError(JupiluError):
    """The library on disk cannot serve."""


class LibraryMissing(LibraryError):
    """There is no library at this path."""


class LibraryDamaged(LibraryError):
    """A file of the library is broken, lost, or disagrees with the catalogue."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class EmbeddingMismatch(LibraryError):
    """The library was embedded with another model than the one asked for."""


class RecordUnknown(JupiluError):
    """No record in the library has this id."""


class CompanyUnknown(JupiluError):
    """No company of the library goes by this name, or several do."""


class ConversationUnknown(JupiluError):
    """This user has no conversation with this id (or it has no such turn)."""


class ReceiptUnknown(JupiluError):
    """No receipt has this id."""


class QuestionTooLong(JupiluError, ValueError):
    """A question or a company's name is longer than anybody asks."""


class FetchError(JupiluError):
    """An exchange's site does not give what it was asked for."""


class SiteUnreachable(FetchError):
    """A site can't be reached or refuses to answer; it isn't asked again in this run."""


class SettingsInvalid(JupiluError, ValueError):
    """A setting has a value that it can't have; the message names it and what it accepts."""


class ModelUnavailable(JupiluError):
    """A model (embedding, reranking, language) is not there; the message names the command that gets it."""


class ExtraMissing(JupiluError):
    """A part that is only installed when asked for is not there; the message names it."""
