import { normalizeName } from '../packages/normalizedName';

/**
 * Import names and the distributions that provide them, where one does not follow from the other. The first is the one
 * to install; the others provide the module too.
 */
const providers: Readonly<Record<string, readonly string[]>> = {
  AppKit: ['pyobjc-framework-Cocoa'],
  Bio: ['biopython'],
  Crypto: ['pycryptodome'],
  Cryptodome: ['pycryptodomex'],
  Foundation: ['pyobjc-framework-Cocoa'],
  Levenshtein: ['Levenshtein', 'python-Levenshtein'],
  MySQLdb: ['mysqlclient'],
  OpenGL: ['PyOpenGL'],
  OpenSSL: ['pyOpenSSL'],
  PIL: ['Pillow', 'pillow-simd'],
  Quartz: ['pyobjc-framework-Quartz'],
  RPi: ['RPi.GPIO'],
  Xlib: ['python-xlib'],
  airflow: ['apache-airflow'],
  allauth: ['django-allauth'],
  apiclient: ['google-api-python-client'],
  argon2: ['argon2-cffi'],
  attr: ['attrs'],
  'azure.cosmos': ['azure-cosmos'],
  'azure.identity': ['azure-identity'],
  'azure.keyvault.secrets': ['azure-keyvault-secrets'],
  'azure.storage.blob': ['azure-storage-blob'],
  barcode: ['python-barcode'],
  board: ['Adafruit-Blinka'],
  bs4: ['beautifulsoup4'],
  bson: ['pymongo'],
  cairo: ['pycairo'],
  camelot: ['camelot-py'],
  can: ['python-can'],
  community: ['python-louvain'],
  corsheaders: ['django-cors-headers'],
  crispy_forms: ['django-crispy-forms'],
  cv2: ['opencv-python', 'opencv-python-headless', 'opencv-contrib-python', 'opencv-contrib-python-headless'],
  daemon: ['python-daemon'],
  dateutil: ['python-dateutil'],
  dbus: ['dbus-python'],
  debug_toolbar: ['django-debug-toolbar'],
  decouple: ['python-decouple'],
  delta: ['delta-spark'],
  discord: ['discord.py'],
  django_filters: ['django-filter'],
  dns: ['dnspython'],
  docx: ['python-docx'],
  dotenv: ['python-dotenv'],
  engineio: ['python-engineio'],
  environ: ['django-environ'],
  factory: ['factory_boy'],
  faiss: ['faiss-cpu', 'faiss-gpu'],
  fitz: ['PyMuPDF'],
  fpdf: ['fpdf2', 'fpdf'],
  frontmatter: ['python-frontmatter'],
  gi: ['PyGObject'],
  git: ['GitPython'],
  github: ['PyGithub'],
  gitlab: ['python-gitlab'],
  'google.api_core': ['google-api-core'],
  'google.auth': ['google-auth'],
  'google.cloud.bigquery': ['google-cloud-bigquery'],
  'google.cloud.firestore': ['google-cloud-firestore'],
  'google.cloud.logging': ['google-cloud-logging'],
  'google.cloud.pubsub': ['google-cloud-pubsub'],
  'google.cloud.pubsub_v1': ['google-cloud-pubsub'],
  'google.cloud.secretmanager': ['google-cloud-secret-manager'],
  'google.cloud.speech': ['google-cloud-speech'],
  'google.cloud.storage': ['google-cloud-storage'],
  'google.cloud.translate': ['google-cloud-translate'],
  'google.cloud.vision': ['google-cloud-vision'],
  'google.genai': ['google-genai'],
  'google.generativeai': ['google-generativeai'],
  'google.oauth2': ['google-auth'],
  'google.protobuf': ['protobuf'],
  googleapiclient: ['google-api-python-client'],
  gridfs: ['pymongo'],
  grpc: ['grpcio'],
  grpc_reflection: ['grpcio-reflection'],
  grpc_status: ['grpcio-status'],
  grpc_tools: ['grpcio-tools'],
  haystack: ['haystack-ai', 'django-haystack'],
  hid: ['hidapi'],
  hydra: ['hydra-core'],
  imblearn: ['imbalanced-learn'],
  jose: ['python-jose'],
  jwt: ['PyJWT'],
  kafka: ['kafka-python', 'kafka-python-ng'],
  ldap: ['python-ldap'],
  magic: ['python-magic'],
  memcache: ['python-memcached'],
  mpl_toolkits: ['matplotlib'],
  multipart: ['python-multipart'],
  mysql: ['mysql-connector-python'],
  nacl: ['PyNaCl'],
  newspaper: ['newspaper3k', 'newspaper4k'],
  nmap: ['python-nmap'],
  oauth2_provider: ['django-oauth-toolkit'],
  objc: ['pyobjc-core'],
  opentelemetry: ['opentelemetry-api'],
  'opentelemetry.exporter.otlp': ['opentelemetry-exporter-otlp'],
  'opentelemetry.sdk': ['opentelemetry-sdk'],
  osgeo: ['GDAL'],
  pdfminer: ['pdfminer.six'],
  pkg_resources: ['setuptools'],
  playhouse: ['peewee'],
  pptx: ['python-pptx'],
  psycopg2: ['psycopg2-binary', 'psycopg2'],
  pylab: ['matplotlib'],
  pythoncom: ['pywin32'],
  pywintypes: ['pywin32'],
  pywt: ['PyWavelets'],
  pyximport: ['Cython'],
  readability: ['readability-lxml'],
  rest_framework: ['djangorestframework'],
  rest_framework_simplejwt: ['djangorestframework-simplejwt'],
  rtmidi: ['python-rtmidi'],
  ruamel: ['ruamel.yaml'],
  serial: ['pyserial'],
  shapefile: ['pyshp'],
  skimage: ['scikit-image'],
  sklearn: ['scikit-learn'],
  skopt: ['scikit-optimize'],
  slack: ['slackclient'],
  slugify: ['python-slugify'],
  snappy: ['python-snappy'],
  'snowflake.connector': ['snowflake-connector-python'],
  'snowflake.snowpark': ['snowflake-snowpark-python'],
  'snowflake.sqlalchemy': ['snowflake-sqlalchemy'],
  socketio: ['python-socketio'],
  socks: ['PySocks'],
  speech_recognition: ['SpeechRecognition'],
  stl: ['numpy-stl'],
  storages: ['django-storages'],
  strawberry: ['strawberry-graphql'],
  tabula: ['tabula-py'],
  telebot: ['pyTelegramBotAPI'],
  telegram: ['python-telegram-bot'],
  tlz: ['toolz'],
  tortoise: ['tortoise-orm'],
  umap: ['umap-learn'],
  usb: ['pyusb'],
  vcr: ['vcrpy'],
  vlc: ['python-vlc'],
  weaviate: ['weaviate-client'],
  websocket: ['websocket-client'],
  whois: ['python-whois'],
  win32api: ['pywin32'],
  win32clipboard: ['pywin32'],
  win32com: ['pywin32'],
  win32con: ['pywin32'],
  win32event: ['pywin32'],
  win32file: ['pywin32'],
  win32gui: ['pywin32'],
  win32process: ['pywin32'],
  win32service: ['pywin32'],
  winrm: ['pywinrm'],
  wx: ['wxPython'],
  yaml: ['PyYAML'],
  zmq: ['pyzmq'],
  'zope.interface': ['zope.interface'],
};

/** Import names in wide use, each of the distribution that is called the same, but for case and "_" for "-". */
const wellKnown: ReadonlySet<string> = new Set(
  `
    Cython IPython PyPDF2 PyQt5 PyQt6 PySide2 PySide6 Pyro4 Pyro5 accelerate aioboto3 aiobotocore aiodns aiofiles
    aiohttp aioitertools aiosmtplib aiosqlite alembic altair anthropic anyio appdirs apscheduler arrow arxiv
    asgiref astor astropy asttokens asyncpg asyncssh authlib autogluon avro awswrangler babel bandit bcrypt
    beartype billiard black bleach blinker blosc bokeh boltons boto3 botocore bottle bpython brotli build
    cachetools cartopy cattrs cbor2 celery certifi cffi chainlit channels chardet charset_normalizer cherrypy
    chromadb click clickhouse_connect cloudpickle cohere colorama coloredlogs colorlog configargparse
    confluent_kafka connexion contourpy coverage crewai croniter cryptography cssselect curl_cffi cvxpy cycler
    cython dacite dash dask databases dataclasses_json datasets dateparser deap debugpy decorator deepdiff
    defusedxml deltalake deprecated diffusers dill diskcache distributed django dlib docker docopt docutils duckdb
    easyocr einops elasticsearch email_validator emoji evaluate eventlet exceptiongroup execnet faker fakeredis
    falcon fastapi fastavro fasteners fastmcp fastparquet feedparser filelock filetype fiona fire flake8 flask
    flask_bcrypt flask_cors flask_jwt_extended flask_limiter flask_login flask_mail flask_migrate flask_restful
    flask_restx flask_socketio flask_sqlalchemy flask_wtf flax folium freezegun frozendict frozenlist fsspec ftfy
    fuzzywuzzy gcsfs gensim geopandas geopy gevent glom gql gradio graphene graphviz greenlet groq gspread gunicorn
    gymnasium h11 h2 h5py hiredis holidays html2text html5lib httptools httpx huggingface_hub humanfriendly
    humanize hvac hypercorn hypothesis icecream idna imagehash imageio imutils inflect inflection invoke ipykernel
    ipywidgets isodate isort itsdangerous jax jaxlib jedi jinja2 jira jmespath joblib joserfc json5 jsonpatch
    jsonpickle jsonpointer jsonref jsonschema jupyter jupyterlab keras keyboard keyring kivy kiwisolver kombu
    kornia kubernetes langchain langchain_anthropic langchain_community langchain_core langchain_openai langdetect
    langgraph langsmith lark lightgbm lightning limits litellm llama_index llvmlite locust loguru lupa lxml lz4
    mako markdown markdown2 markdownify markupsafe marshmallow matplotlib mccabe mcp mechanize mediapipe mistralai
    mistune mkdocs mlflow mlxtend mmh3 mock more_itertools moto motor moviepy mpmath msal msgpack msgspec multidict
    mutagen mypy natsort nbconvert nbformat netCDF4 netaddr netmiko networkx nltk nose2 notebook nox numba numexpr
    numpy numpydoc oauth2client oauthlib ollama omegaconf onnx onnxruntime openai openpyxl optuna oracledb orjson
    ortools outlines packaging pandas pandera panel parameterized paramiko parse parsel parso passlib pathos
    pathspec pathvalidate patsy pdfkit pdfplumber peewee peft pendulum pep8 pexpect phonenumbers pika pikepdf pint
    pip pipdeptree pkginfo platformdirs playwright plotly pluggy ply polars portalocker pre_commit prefect
    prettytable prompt_toolkit propcache prophet psutil psycopg ptyprocess pulp py7zr pyarrow pyasn1 pyautogui
    pybind11 pycountry pycparser pycurl pydantic pydantic_ai pydantic_core pydantic_settings pydeck pydot pydub
    pyflakes pygame pyglet pygments pylint pymongo pymssql pymysql pynput pyodbc pyotp pypandoc pyparsing pypdf
    pyperclip pyproj pyqtgraph pyspark pytesseract pytest pytest_asyncio pytest_cov pytest_mock pytorch_lightning
    pyttsx3 pytz pyvis pyvista pyzbar qdrant_client qrcode quart questionary rapidfuzz rasterio ray redis regex
    reportlab requests requests_cache requests_html requests_mock requests_oauthlib requests_toolbelt responses
    retry retrying rich rq s3fs safetensors sanic scapy schedule schema scipy scrapy seaborn selenium
    sentence_transformers sentencepiece sentry_sdk setproctitle setuptools shap shapely shellingham simplejson
    simpy six slack_bolt slack_sdk smart_open smolagents sniffio snowballstemmer sortedcontainers sounddevice
    soundfile soupsieve spacy sphinx sqlalchemy sqlalchemy_utils sqlglot sqlmodel sqlparse sse_starlette sshtunnel
    starlette statsmodels stevedore streamlit stripe structlog supabase supervision svgwrite sympy tables tabulate
    tblib telethon tenacity tensorboard tensorflow termcolor testcontainers textblob textual thefuzz threadpoolctl
    thrift tifffile tiktoken timm tinydb tldextract tokenizers toml tomli tomli_w tomlkit toolz torch torchaudio
    torchmetrics torchvision tornado tox tqdm traitlets transformers trimesh trio trl tweepy twilio twisted
    typeguard typer typing_extensions tzdata tzlocal ujson ultralytics unidecode unstructured uritemplate urllib3
    uvicorn uvloop vaex validators virtualenv vllm wandb watchdog watchfiles wcwidth weasyprint webcolors
    webdriver_manager websockets werkzeug wheel whitenoise wordcloud wrapt wsproto wtforms xarray xgboost xlrd
    xlsxwriter xlwings xlwt xmlsec xmltodict xxhash yapf yarl yfinance yt_dlp zarr zeep zipp zstandard
  `
    .trim()
    .split(/\s+/),
);

/** None of the known names has more. */
const mostParts = 8;

/**
 * @param imported a dotted name; the longest part of it that is known decides.
 * @param leastParts how many parts of it must be known: `google.cloud.storage` is not provided by what provides `google`.
 * @returns the well-known distributions that provide it, by PyPI's spelling, the one to install first; none if unknown.
 */
export function knownProviders(imported: string, leastParts = 1): readonly string[] {
  const parts = imported.split('.');
  for (let count = Math.min(parts.length, mostParts); count >= leastParts; count--) {
    const name = parts.slice(0, count).join('.');
    if (Object.hasOwn(providers, name)) return providers[name] ?? [];
  }
  const [top = ''] = parts;
  return leastParts === 1 && wellKnown.has(top) ? [normalizeName(top)] : [];
}

/** @returns the name by which a distribution is imported, where it is another one and well known. */
export function importNameOf(distribution: string): string | undefined {
  const wanted = normalizeName(distribution);
  if ([...wellKnown].some((name) => normalizeName(name) === wanted)) return undefined;
  return Object.keys(providers).find((name) => normalizeName(providers[name]?.[0] ?? '') === wanted);
}

/** @returns the well-known import names. */
export const knownImportNames = (): string[] => [...Object.keys(providers), ...wellKnown];
