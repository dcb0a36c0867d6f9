import { describe, expect, it } from '@jest/globals';
import { isWrongHead, isWrongType } from '../../src/files/html.ts';

const file = (mimeType: string | null, name: string | null = 'file') => ({ mimeType, name });

describe('a page in place of a file', () => {
  it.each([
    [file('image/png'), 'text/html; charset=utf-8', true],
    [file('image/png'), 'image/png', false],
    [file('text/html'), 'text/html', false],
    [file('application/xhtml+xml'), 'application/xhtml+xml', false],
    [file(null, 'page.HTM'), 'text/html', false],
    [file(null, 'page.pdf'), 'text/html', true],
    [file('text/plain'), ' TEXT/HTML', true],
    [file('text/plain'), null, false],
  ])('of %j that comes as %j: %j', (reference, contentType, expected) => {
    expect(isWrongType(reference, contentType)).toBe(expected);
  });

  it.each([
    [file('image/png'), '<!DOCTYPE html><html>', true],
    [file('application/pdf'), '\ufeff \n<html lang="en">', true],
    [file('application/pdf'), '%PDF-1.7', false],
    [file('text/plain'), '<!doctype html>', false],
    [file('image/svg+xml'), '<html>', false],
    [file(null), '<!doctype html>', false],
  ])('of %j that begins %j: %j', (reference, head, expected) => {
    expect(isWrongHead(reference, Buffer.from(head))).toBe(expected);
  });
});
