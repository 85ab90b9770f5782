import type { ProjectSpec } from '../../support/wheels';

/** A PNG of one pixel, in base64. */
export const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A text, and a picture that is shown through a stand-in for PIL. */
export const greeting: ProjectSpec = {
  name: 'greeting',
  version: '1.0',
  modules: {
    'greeting.py': `import base64
from PIL import ImageShow

text = "Grüße"

class Picture:
    mode = "RGB"
    size = (1, 1)

    def save(self, file, format):
        file.write(base64.b64decode("${picture}"))

def show():
    ImageShow.show(Picture())
`,
    'PIL/__init__.py': '',
    'PIL/ImageShow.py': '',
  },
};
