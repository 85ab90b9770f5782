import * as vscode from 'vscode';

/** Finalized with VS Code 1.106; before that, passing one on is refused. */
const firstMinor = 106;

/** @returns pictures (PNG) as parts of a tool's result; none where this VS Code cannot take them. */
export function pictureParts(pictures: readonly Buffer[]): vscode.LanguageModelTextPart[] {
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
  if (major === 1 && minor < firstMinor) return [];
  const dataPart: unknown = Reflect.get(vscode, 'LanguageModelDataPart');
  if (!makesImages(dataPart)) return [];
  return pictures.map((png) => dataPart.image(png, 'image/png'));
}

/** The types of VS Code 1.101 do not know it; a result takes it like a text part. */
interface DataPart {
  image(data: Uint8Array, mimeType: string): vscode.LanguageModelTextPart;
}

const makesImages = (value: unknown): value is DataPart =>
  typeof value === 'function' && 'image' in value && typeof value.image === 'function';
