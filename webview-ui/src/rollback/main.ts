import { mount } from '../mount';
import { RollbackPanel } from './rollbackPanel';

mount(new RollbackPanel());
