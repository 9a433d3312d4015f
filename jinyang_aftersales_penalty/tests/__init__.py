from . import test_dependencies
from . import test_translations
