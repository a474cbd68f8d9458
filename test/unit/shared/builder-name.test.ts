// What a builder is called, also when nobody knows it any more.
import { describe, expect, it } from 'vitest'
import { builderName } from '../../../src/shared/builder-name.ts'

describe('the name of a builder', () => {
  it('is its host', () => {
    const builders = [{ id: 'ssh://u@10.0.0.2', host: 'desktop' }]
    expect(builderName('ssh://u@10.0.0.2', builders)).toBe('desktop')
  })

  it.each([
    ['ssh-ng://nix-builder@desktop', 'desktop'],
    ['ssh://desktop', 'desktop'],
    ['ssh://desktop#2', 'desktop'],
    ['ssh://u@desktop:2222?compress=true', 'desktop'],
    ['ssh-ng://u@[fd00::5]:22', '[fd00::5]'],
    ['desktop', 'desktop'],
  ])('%s, once it is gone, is %s', (id, name) => {
    expect(builderName(id, [])).toBe(name)
  })
})
